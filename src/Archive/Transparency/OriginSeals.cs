using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>Seals of other archives over records that came from there: <c>origins/seals/NAME/</c>, by the SHA-256 of the token.</summary>
/// <remarks>
/// One is over many records, and each is kept once. As with <see cref="OriginProofs"/> nothing can be made again, so that it is durable before the
/// records are acknowledged, and nothing removes it. Specified in schema/FORMAT.d/trust.md.
/// </remarks>
internal sealed class OriginSeals(StoreLayout layout, FolderSync sync)
{
    /// <summary>In order; nothing is read. What a killed writer left is no seal.</summary>
    public IReadOnlyList<Digest> Names => !Directory.Exists(layout.OriginSeals) ? [] : [.. Directory.EnumerateDirectories(layout.OriginSeals)
        .Select(folder => Digest.TryParseHex(Path.GetFileName(folder), out var name) ? name : null)
        .OfType<Digest>().OrderBy(name => name.Hex, StringComparer.Ordinal)];

    /// <summary>The files of all of them.</summary>
    public IEnumerable<SealPlace> Places => Names.Select(PlaceOf);

    /// <summary>The files of one, be they there or not.</summary>
    public SealPlace PlaceOf(Digest name) => new(layout.OriginSealFolder(name));

    /// <exception cref="LogException">It is not there, is damaged, or not what its name says.</exception>
    public CarriedSeal Read(Digest name)
    {
        try
        {
            var place = PlaceOf(name);
            var seal = CarriedSeal.Parse(place.ReadSums(), place.ReadToken());
            return seal.Name == name ? seal : throw new LogException($"its token has digest '{seal.Name}'");
        }
        catch (Exception e) when (e is LogException or IOException or UnauthorizedAccessException)
        {
            throw new LogException($"'origins/seals/{name.Abbreviated}…': {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Keeps it, where it is not here in one piece. Under another name first: it is there as a whole or not at all.</summary>
    public void Keep(CarriedSeal seal)
    {
        var place = PlaceOf(seal.Name);
        string folder = place.Folder;
        if (Directory.Exists(folder))
        {
            if (!IsWhole(seal.Name))
            {
                Write(place, seal);
            }

            return;
        }

        Directory.CreateDirectory(layout.OriginSeals);
        sync(layout.Root);
        sync(layout.Origins);
        string unfinished = AtomicFile.TemporaryBeside(folder);
        Directory.CreateDirectory(unfinished);
        Write(new SealPlace(unfinished), seal);
        try
        {
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(unfinished, recursive: true); // another import was about the same one
        }

        sync(layout.OriginSeals);
    }

    private void Write(SealPlace place, CarriedSeal seal)
    {
        AtomicFile.Write(place.SumsPath, seal.Sums.Span, sync);
        AtomicFile.Write(place.TokenPath, seal.Token.Span, sync);
    }

    private bool IsWhole(Digest name)
    {
        try
        {
            Read(name);
            return true;
        }
        catch (LogException)
        {
            return false;
        }
    }
}
