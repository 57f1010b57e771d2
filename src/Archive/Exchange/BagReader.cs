using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>Reads the bag around a bundle: passes its payload on, and checks every checksum of it at the end.</summary>
/// <remarks>Source: RFC 8493. The manifests stand behind the payload, as we write them; a bag of another order is unpacked first.</remarks>
/// <param name="folder">The folder the bag is, with its slash; empty for none.</param>
internal sealed class BagReader(string folder)
{
    private readonly Dictionary<string, Descriptor> _payload = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Descriptor> _tags = new(StringComparer.Ordinal);
    private (string Name, DescriptorStream Described, Stream Unread)? _open;
    private bool _isDeclared;
    private bool _hasManifest;

    /// <returns>The entry as the bundle has it; null for a file of the bag itself.</returns>
    /// <exception cref="BundleException">It is none of a bag's, or a checksum is not of what was there.</exception>
    public BundleEntry? Read(BundleEntry entry)
    {
        Close();
        string name = entry.Name.StartsWith(folder, StringComparison.Ordinal)
            ? entry.Name[folder.Length..]
            : throw BundleNames.Refused(entry.Name, $"is not in the bag's folder '{folder.TrimEnd('/')}'");
        if (!name.StartsWith(BagFiles.Payload, StringComparison.Ordinal))
        {
            ReadTag(entry, name);
            return null;
        }

        var described = new DescriptorStream(MediaTypes.OctetStream);
        var content = new TeeStream(entry.Content, described);
        _open = (name, described, content);
        return new BundleEntry(name[BagFiles.Payload.Length..], entry.Size, content);
    }

    /// <exception cref="BundleException">Something that makes a bag is missing.</exception>
    public void Finish()
    {
        Close();
        if (!_isDeclared || !_hasManifest)
        {
            throw new BundleException($"the bag has no {(_isDeclared ? "manifest of its payload" : BagFiles.Declaration)}");
        }
    }

    private void Close()
    {
        if (_open is { } open)
        {
            open.Unread.CopyTo(Stream.Null);
            if (!_payload.TryAdd(open.Name, open.Described.Finish()))
            {
                throw BundleNames.Refused(open.Name, "stands there twice");
            }

            open.Described.Dispose();
            _open = null;
        }
    }

    private void ReadTag(BundleEntry entry, string name)
    {
        byte[] content = SmallEntry.Read(entry, BundleLimits.Default.MaxDocumentBytes * 4);
        switch (name)
        {
            case BagFiles.Declaration:
                _isDeclared = Encoding.UTF8.GetString(content).StartsWith("BagIt-Version: 1.0", StringComparison.Ordinal)
                    ? true
                    : throw BundleNames.Refused(name, "is of another version of BagIt than 1.0");
                break;
            case BagFiles.Info:
                break;
            case BagFiles.Sha256Manifest or BagFiles.Sha512Manifest:
                _hasManifest = true;
                Check(name, content, _payload, mustListAll: true);
                break;
            case BagFiles.Sha256TagManifest or BagFiles.Sha512TagManifest:
                // §2.2.1: a tag manifest need not list every tag file.
                Check(name, content, _tags, mustListAll: false);
                return;
            default:
                throw BundleNames.Refused(name, "is no part of a bag of a bundle");
        }

        if (!_tags.TryAdd(name, Describe(content)))
        {
            throw BundleNames.Refused(name, "stands there twice");
        }
    }

    private static Descriptor Describe(byte[] content)
    {
        using var described = new DescriptorStream(MediaTypes.PlainText);
        described.Write(content);
        return described.Finish();
    }

    private static void Check(string manifest, byte[] content, Dictionary<string, Descriptor> files, bool mustListAll)
    {
        bool sha512 = manifest is BagFiles.Sha512Manifest or BagFiles.Sha512TagManifest;
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in RecordLines.Split(new MemoryStream(content), manifest))
        {
            string[] parts = Encoding.UTF8.GetString(line.Span).Split((char[])[' ', '\t'], 2);
            string name = parts.Length == 2 ? parts[1].TrimStart(' ', '\t') : throw BundleNames.Refused(manifest, "has a line without a path");
            if (!files.TryGetValue(name, out var file))
            {
                throw BundleNames.Refused(manifest, $"lists '{name}', which is not there");
            }

            string actual = sha512 ? file.Sha512! : file.Digest.Hex;
            if (!string.Equals(parts[0], actual, StringComparison.OrdinalIgnoreCase))
            {
                throw BundleNames.Refused(name, $"is not what {manifest} says: '{actual}', expected '{parts[0]}'");
            }

            listed.Add(name);
        }

        // §3: every file of the payload must be listed in every manifest of it.
        if (mustListAll && files.Keys.FirstOrDefault(name => !listed.Contains(name)) is { } missing)
        {
            throw BundleNames.Refused(missing, $"is not listed in {manifest}");
        }
    }
}
