using System.Globalization;
using System.Text;
using System.Xml;
using Provenance.Archive.Records;
using Provenance.Web.Pages;

namespace Provenance.Web.Hosting;

/// <summary>Badges for papers and READMEs. They say recorded, or replayed so many times with the same result: never more than signed records say.</summary>
internal static class BadgeEndpoints
{
    private const int LetterWidth = 7;
    private const int Padding = 12;
    private const string Good = "#1a7f37";
    private const string Plain = "#57606a";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/badge/run/{id}.svg", Run);
        routes.MapGet("/badge/paper/{**doi}", Paper);
    }

    private static IResult Run(Site site, string id)
    {
        using var reader = site.Shelf.Open();
        if (reader.Finder.Find(id) is not { Kind: RecordKind.Run } row)
        {
            return Badge("unknown", Plain);
        }

        int reproduced = reader.Finder.ReplaysOf(row.Record).Count(replay => site.Verifications.IsReplication(reader, replay));
        return reproduced > 0 ? Badge($"reproduced {reproduced}×", Good) : Badge("recorded", Plain);
    }

    private static IResult Paper(Site site, string doi)
    {
        string name = doi.EndsWith(".svg", StringComparison.Ordinal) ? doi[..^".svg".Length] : doi;
        using var reader = site.Shelf.Open();
        if (!Doi.TryParse(name, out var read) || PaperPage.Find(read, reader, site.Verifications, title => Heads.Of(site, title)) is not { } page)
        {
            return Badge("unknown", Plain);
        }

        int all = page.Runs.Count + page.Elsewhere;
        return Badge($"{page.Reproduced} of {all} runs reproduced", page.Reproduced == all ? Good : Plain);
    }

    private static IResult Badge(string state, string colour)
    {
        const string Label = "prov";
        int left = (Label.Length * LetterWidth) + Padding;
        int right = (state.Length * LetterWidth) + Padding;
        using var bytes = new MemoryStream();
        using (var svg = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true }))
        {
            svg.WriteStartElement("svg", "http://www.w3.org/2000/svg");
            svg.WriteAttributeString("width", Number(left + right));
            svg.WriteAttributeString("height", "20");
            svg.WriteAttributeString("role", "img");
            svg.WriteAttributeString("aria-label", $"{Label}: {state}");
            svg.WriteElementString("title", $"{Label}: {state}");
            Part(svg, 0, left, "#24292f", Label);
            Part(svg, left, right, colour, state);
            svg.WriteEndElement();
        }

        return Results.Bytes(bytes.ToArray(), "image/svg+xml");
    }

    private static void Part(XmlWriter svg, int x, int width, string colour, string text)
    {
        svg.WriteStartElement("rect");
        svg.WriteAttributeString("x", Number(x));
        svg.WriteAttributeString("width", Number(width));
        svg.WriteAttributeString("height", "20");
        svg.WriteAttributeString("fill", colour);
        svg.WriteEndElement();
        svg.WriteStartElement("text");
        svg.WriteAttributeString("x", Number(x + (width / 2)));
        svg.WriteAttributeString("y", "14");
        svg.WriteAttributeString("fill", "#fff");
        svg.WriteAttributeString("font-family", "Verdana,DejaVu Sans,sans-serif");
        svg.WriteAttributeString("font-size", "11");
        svg.WriteAttributeString("text-anchor", "middle");
        svg.WriteString(text);
        svg.WriteEndElement();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
