using System.Text;
using System.Xml;
using Provenance.Archive.Catalog;
using Provenance.Archive.Wording;
using Provenance.Web.Pages;

namespace Provenance.Web.Feeds;

/// <summary>What was run last, for feed readers and for programs that wait for news.</summary>
/// <remarks>Source: RFC 4287. A run is an entry for good: its identifier is its record's digest, and it is never updated.</remarks>
internal sealed record AtomFeed
{
    private const string Namespace = "http://www.w3.org/2005/Atom";

    /// <summary>Nothing happened in an archive without runs: §4.1.1 wants a time all the same, and it must not change by itself.</summary>
    private static readonly DateTimeOffset Never = DateTimeOffset.UnixEpoch;

    public required string Title { get; init; }

    /// <summary>Its own, absolute.</summary>
    public required string Address { get; init; }

    /// <summary>Of the page that shows the same, absolute.</summary>
    public required string Page { get; init; }

    /// <summary>Of the site, without a slash at the end.</summary>
    public required string Site { get; init; }

    public required string Program { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<RunRow> Runs { get; init; }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("feed", Namespace);
            Text(xml, "id", Address);
            Text(xml, "title", Title);
            Text(xml, "updated", PageText.Iso(Runs.Count > 0 ? Runs.Max(run => run.EndedAt) : Never));
            Link(xml, "self", Address, Feeds.AtomType);
            Link(xml, "alternate", Page, "text/html");
            Text(xml, "generator", Program);
            foreach (var run in Runs)
            {
                Write(xml, run);
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private void Write(XmlWriter xml, RunRow run)
    {
        xml.WriteStartElement("entry", Namespace);
        Text(xml, "id", $"urn:x-prov:run:{run.Record.Hex}");
        Text(xml, "title", PageText.Shorten(run.Command));
        Text(xml, "updated", PageText.Iso(run.EndedAt));
        xml.WriteStartElement("author", Namespace);
        Text(xml, "name", run.SignerName ?? "unknown");
        xml.WriteEndElement();
        Link(xml, "alternate", Site + Paths.Run(run.Record), "text/html");
        Text(xml, "summary", $"{run.ImageReference} ran on {run.Hostname} for {Readable.Duration((long)run.Duration.TotalMilliseconds)}, "
            + $"ended {(run.Signal is { } signal ? $"by signal {signal}" : $"with exit status {run.ExitCode}")} "
            + $"and made {Readable.Count(run.GeneratedCount, "file", "files")}.");
        xml.WriteEndElement();
    }

    private static void Link(XmlWriter xml, string relation, string address, string type)
    {
        xml.WriteStartElement("link", Namespace);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    private static void Text(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Namespace, XmlText.Of(text));
}
