using Provenance.Archive.Content;
using Provenance.Archive.Images.Tar;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares the members of a tar; times, owners and order are told apart.</summary>
internal sealed class TarComparer : IContentComparer
{
    private const int BlockBytes = 512;
    private const int MagicOffset = 257;
    private const int MaxMembers = 200_000;
    private const int MaxHeaderBytes = 1 << 20;
    private const int MaxRepeats = 100;

    public string Kind => "tar";

    public bool Recognises(ReadOnlySpan<byte> head, string name) =>
        head.Length >= BlockBytes && head[MagicOffset..].StartsWith("ustar"u8);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        var thenMembers = Read(then, context.Budget);
        var nowMembers = Read(now, context.Budget);
        var tally = new MemberTally(Kind);
        if (!thenMembers.Keys.SequenceEqual(nowMembers.Keys))
        {
            tally.Normalise("tar order");
        }

        foreach (string name in thenMembers.Keys.Union(nowMembers.Keys))
        {
            var thenMember = thenMembers.GetValueOrDefault(name);
            var nowMember = nowMembers.GetValueOrDefault(name);
            tally.Add(name, thenMember is null || nowMember is null
                ? Likeness.Differs(Kind, nowMember is null ? "is missing" : "was not there then")
                : Compare(thenMember, nowMember, tally, context));
        }

        return tally.Finish().With(["tar packing"]);
    }

    private static Likeness Compare(TarMember then, TarMember now, MemberTally tally, ComparisonContext context)
    {
        if (Difference(then.Entry, now.Entry) is { } difference)
        {
            return Likeness.Differs("tar", difference);
        }

        if (then.Entry.ModifiedNanoseconds != now.Entry.ModifiedNanoseconds)
        {
            tally.Normalise("tar times");
        }

        if (then.Entry.UserId != now.Entry.UserId || then.Entry.GroupId != now.Entry.GroupId)
        {
            tally.Normalise("tar owners");
        }

        if (then.Digest == now.Digest)
        {
            return new Likeness { Result = ComparisonResult.Identical, Kind = "bytes" };
        }

        return then.Content is { } thenContent && now.Content is { } nowContent
            ? ContentComparer.Compare(thenContent, nowContent, context.Inner)
            : Likeness.Differs("tar", "is a sparse file and differs");
    }

    private static string? Difference(TarEntry then, TarEntry now)
    {
        if (then.Kind != now.Kind)
        {
            return "is of another kind";
        }

        if (then.Mode != now.Mode)
        {
            return $"has mode {Octal(now.Mode)} now, {Octal(then.Mode)} then";
        }

        bool isSameTarget = then.LinkTarget == now.LinkTarget && then.DeviceMajor == now.DeviceMajor && then.DeviceMinor == now.DeviceMinor;
        return isSameTarget ? null : "points elsewhere";
    }

    /// <summary>In the order of the archive. A name that comes again is told by its number.</summary>
    private static OrderedDictionary<string, TarMember> Read(ComparedContent content, ExpansionBudget budget)
    {
        var members = new OrderedDictionary<string, TarMember>(StringComparer.Ordinal);
        var reader = new TarReader(content.FromStart(), MaxHeaderBytes);
        byte[] buffer = new byte[1 << 16];
        long unpacked = 0;
        while (reader.Next() is { } entry)
        {
            if (members.Count >= MaxMembers)
            {
                throw new UnreadableContentException($"has more than {MaxMembers} members");
            }

            long offset = reader.Position;
            var digest = DigestOf(reader, entry, buffer, read => budget.Take(unpacked += read, content.Length, read));
            var view = reader.IsSparse ? null : new ComparedContent(entry.Name, new ViewStream(content.Stream, offset, entry.Size));
            var member = new TarMember(entry, digest, view);
            string name = entry.Name.TrimEnd('/');
            for (int number = 2; !members.TryAdd(name, member); number++)
            {
                name = $"{entry.Name}#{number}";
                if (number > MaxRepeats)
                {
                    throw new UnreadableContentException($"has member '{entry.Name}' more than {MaxRepeats} times");
                }
            }
        }

        return members;
    }

    private static Digest DigestOf(TarReader reader, TarEntry entry, byte[] buffer, Action<int> count)
    {
        using var digest = new DigestStream();
        for (long left = entry.Size; left > 0;)
        {
            int read = reader.Read(buffer);
            digest.Write(buffer, 0, read);
            count(read);
            left -= read;
        }

        return digest.Finish();
    }

    private static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}
