using System.IO.Compression;
using System.Text;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares the members of a zip, also as <c>.npz</c>, <c>.xlsx</c> or <c>.jar</c>; times, order and packing are told apart.</summary>
internal sealed class ZipComparer : IContentComparer
{
    private const int MaxMembers = 100_000;

    public string Kind => "zip";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        using var thenZip = Open(then);
        using var nowZip = Open(now);
        var thenMembers = Members(thenZip);
        var nowMembers = Members(nowZip);
        var tally = new MemberTally(then.Name.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? "npz" : Kind);
        tally.Normalise("zip packing");
        foreach (string name in thenMembers.Keys.Union(nowMembers.Keys))
        {
            var thenMember = thenMembers.GetValueOrDefault(name);
            var nowMember = nowMembers.GetValueOrDefault(name);
            tally.Add(name, thenMember is null || nowMember is null
                ? Likeness.Differs(Kind, nowMember is null ? "is missing" : "was not there then")
                : Compare(thenMember, nowMember, context));
        }

        return tally.Finish();
    }

    private static Likeness Compare(ZipArchiveEntry then, ZipArchiveEntry now, ComparisonContext context)
    {
        if (ModeOf(then) != ModeOf(now))
        {
            return Likeness.Differs("zip", $"has mode {Octal(ModeOf(now))} now, {Octal(ModeOf(then))} then");
        }

        if (then.Length == now.Length && then.Crc32 == now.Crc32 && AreEqual(then, now, context))
        {
            return new Likeness { Result = ComparisonResult.Identical, Kind = "bytes" };
        }

        using var thenContent = Unpack(then, context);
        using var nowContent = Unpack(now, context);
        return ContentComparer.Compare(
            new ComparedContent(then.FullName, thenContent), new ComparedContent(now.FullName, nowContent), context.Inner);
    }

    private static bool AreEqual(ZipArchiveEntry then, ZipArchiveEntry now, ComparisonContext context)
    {
        using var thenContent = Open(then, context);
        using var nowContent = Open(now, context);
        return StreamEquality.AreEqual(thenContent, nowContent);
    }

    private static Stream Unpack(ZipArchiveEntry member, ComparisonContext context)
    {
        using var unpacked = Open(member, context);
        return Spool.Of(unpacked, context.Folder);
    }

    private static BudgetedStream Open(ZipArchiveEntry member, ComparisonContext context) =>
        new(member.Open(), member.CompressedLength, context.Budget);

    private static ZipArchive Open(ComparedContent content) =>
        new(content.FromStart(), ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8);

    private static Dictionary<string, ZipArchiveEntry> Members(ZipArchive zip)
    {
        if (zip.Entries.Count > MaxMembers)
        {
            throw new UnreadableContentException($"has more than {MaxMembers} members");
        }

        var members = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var member in zip.Entries)
        {
            if (!members.TryAdd(member.FullName, member))
            {
                throw new UnreadableContentException("has two members of one name");
            }
        }

        return members;
    }

    /// <summary>The upper half of the external attributes is the mode, where a Unix wrote them.</summary>
    private static int ModeOf(ZipArchiveEntry member) => (member.ExternalAttributes >> 16) & 0xFFFF;

    private static string Octal(int mode) => Convert.ToString(mode & 0xFFF, 8).PadLeft(4, '0');
}
