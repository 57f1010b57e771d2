using System.Globalization;
using System.Text;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>A package as rpm keeps it: numbered tags, and where their values lie.</summary>
/// <remarks>Source: rpm, docs/manual/hregions.md and format_header.md; include/rpm/rpmtag.h. Big-endian, without the magic number that a file has.</remarks>
internal static class RpmHeader
{
    private const int EntryBytes = 16;

    /// <summary>rpm's own bound: lib/header.c, hdrchkTags.</summary>
    private const long MaxEntries = 0x0000FFFF;

    private const int NameTag = 1000;
    private const int VersionTag = 1001;
    private const int ReleaseTag = 1002;
    private const int EpochTag = 1003;
    private const int ArchitectureTag = 1022;
    private const int Int32Type = 4;
    private const int TextType = 6;

    /// <summary>A longer text is none of a name or version.</summary>
    private const int MaxTextBytes = 4096;

    /// <returns>Null for a key that rpm keeps as if it were a package.</returns>
    /// <exception cref="ImageException">It is no header.</exception>
    public static ImagePackage? Read(ReadOnlyMemory<byte> header)
    {
        long entries = header.BigEndian32(0);
        long bytes = header.BigEndian32(4);
        if (entries > MaxEntries)
        {
            throw new ImageException($"has a package with {entries} tags");
        }

        var index = header.Part(8, entries * EntryBytes);
        var store = header.Part(8 + (entries * EntryBytes), bytes);
        string? name = null, version = null, release = null, architecture = null;
        long? epoch = null;
        for (long at = 0; at < index.Length; at += EntryBytes)
        {
            long tag = index.BigEndian32(at), type = index.BigEndian32(at + 4), offset = index.BigEndian32(at + 8);
            switch (tag, type)
            {
                case (NameTag, TextType):
                    name = Text(store, offset);
                    break;
                case (VersionTag, TextType):
                    version = Text(store, offset);
                    break;
                case (ReleaseTag, TextType):
                    release = Text(store, offset);
                    break;
                case (ArchitectureTag, TextType):
                    architecture = Text(store, offset);
                    break;
                case (EpochTag, Int32Type):
                    epoch = store.BigEndian32(offset);
                    break;
            }
        }

        if (name is null || version is null || release is null)
        {
            throw new ImageException("has a package without name, version or release");
        }

        string before = epoch is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number}:") : "";
        return name == "gpg-pubkey" ? null : new ImagePackage
        {
            Manager = "rpm",
            Name = name,
            Version = $"{before}{version}-{release}",
            Architecture = architecture,
        };
    }

    private static string Text(ReadOnlyMemory<byte> store, long offset)
    {
        var rest = store.Part(offset, Math.Min(MaxTextBytes, Math.Max(0, store.Length - offset))).Span;
        int end = rest.IndexOf((byte)0);
        return end < 0 ? throw new ImageException("has a text without an end") : Encoding.UTF8.GetString(rest[..end]);
    }
}
