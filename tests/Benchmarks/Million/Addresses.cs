using Dapper;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;

namespace Provenance.Million;

/// <summary>What readers ask an archive for: addresses of every kind of page and search, each another one, as often as given here.</summary>
/// <remarks>They are chosen from the catalog by chance. Pages of runs and papers are of those that are kept whole.</remarks>
internal sealed class Addresses : IDisposable
{
    private const int Tries = 100_000;

    private readonly StoreLayout _layout;
    private readonly SqliteConnection _catalog;
    private readonly long _size;
    private Dice _dice;

    public Addresses(string archive, int seed)
    {
        _layout = new StoreLayout(archive);
        _catalog = new SqliteConnection($"Data Source={_layout.CatalogDatabase};Mode=ReadOnly;Pooling=False");
        _catalog.Open();
        _size = Ask("select log_size from catalog_state", 0) is long size ? size : 0;
        _dice = new Dice(seed);
    }

    /// <summary>Kind, how many of a hundred, and how one is made.</summary>
    private (string Kind, int Share, Func<string?> Make)[] Kinds =>
    [
        ("run page", 28, () => Kept("run") is { } run ? $"/runs/{run}" : null),
        ("home", 4, () => "/"),
        ("look-up of a DOI", 4, () => Text("select doi from citations where log_index >= @at limit 1") is { } doi ? Search(doi) : null),
        ("look-up of a file's digest", 6, () => FileHex() is { } hex ? Search(hex) : null),
        ("look-up of an id", 4, () => Kept("run") is { } run ? Search(run[..16]) : null),
        ("look-up of words", 6, () => Search(Words())),
        ("look-up of a file's name", 2, () => Search(FileName())),
        ("look-up of a path", 2, () => Path() is { } path ? Search(path) : null),
        ("runs with words", 4, () => $"/runs?text={Uri.EscapeDataString(Words())}"),
        ("runs of an image", 4, () => $"/runs?image={Uri.EscapeDataString(World.ImageName(_dice.Skewed(World.Images)))}"),
        ("runs of a host", 4, () => $"/runs?host={HostName()}"),
        ("runs of a signer", 3, () => $"/runs?signer={Signer()}"),
        ("runs with a label", 2, () => $"/runs?label={Uri.EscapeDataString($"project={World.Project(_dice.Below(World.Projects))}")}"),
        ("runs by feature and ending", 2, () => $"/runs?cpuFeature={Feature()}&ended={(_dice.Chance(0.5) ? "well" : "badly")}"),
        ("runs of a month", 2, () => Month()),
        ("further page of runs", 3, () => $"/runs?after={Place()}"),
        ("further page of a search", 3, () => $"/runs?{Condition()}&after={Place()}"),
        ("image page", 3, () => Image() is { } image ? $"/images/sha256:{image}" : null),
        ("file page", 4, () => FileHex() is { } hex ? $"/files/sha256:{hex}" : null),
        ("paper page", 3, () => Text("select doi from citations where log_index >= @at limit 1") is { } doi ? $"/papers/{doi}" : null),
        ("signer page", 2, () => $"/signers/{Signer()}"),
        ("statistics", 1, () => "/stats"),
        ("list of images", 1, () => "/images"),
        ("list of papers", 1, () => "/papers"),
        ("list of signers", 1, () => "/signers"),
        ("feed", 1, () => $"/feed.atom?host={HostName()}"),
    ];

    public IReadOnlyList<(string Kind, string Path)> Make(int count)
    {
        var kinds = Kinds;
        var made = new List<(string, string)>(count);
        while (made.Count < count)
        {
            int at = _dice.Below(kinds.Sum(kind => kind.Share));
            var (name, _, make) = kinds.First(kind => (at -= kind.Share) < 0);
            if (make() is { } path)
            {
                made.Add((name, path));
            }
        }

        return made;
    }

    public void Dispose() => _catalog.Dispose();

    private static string Search(string text) => $"/lookup?q={Uri.EscapeDataString(text)}";

    private string? Kept(string kind)
    {
        for (int i = 0; i < Tries; i++)
        {
            if (Text("select lower(hex(digest)) from records where kind = '" + kind + "' and log_index >= @at limit 1") is { } hex
                && File.Exists(_layout.BlobPath(Digest.Parse($"sha256:{hex}"))))
            {
                return hex;
            }
        }

        return null;
    }

    private string? FileHex() => Text(
        "select lower(hex(c.sha256)) from files f join contents c on c.content_id = f.content_id where f.log_index >= @at and f.role = "
        + (_dice.Chance(0.7) ? "1" : "0") + " limit 1");

    private string? Path() => Text(
        "select p.path from files f join paths p on p.path_id = f.path_id where f.log_index >= @at and f.role = 0 and p.path like '/work/%' limit 1");

    private string FileName() => _dice.Chance(0.5) ? $"part-{_dice.Below(20):00}.csv" : $"reference-{_dice.Below(World.References):00}.fa";

    /// <summary>What people remember of a command: a tool, a project, a number.</summary>
    private string Words() => _dice.Below(4) switch
    {
        0 => World.Tools[_dice.Below(World.Tools.Length)],
        1 => World.Project(_dice.Below(World.Projects)),
        2 => $"--seed {_dice.Below(1_000_000)}",
        _ => $"{World.Fields[_dice.Below(World.Fields.Length)]}-tools",
    };

    private string HostName() => Text("select hostname from hosts where log_index >= @at limit 1") ?? "";

    private string Signer() => Text("select lower(hex(signer_certificate)) from records where log_index >= @at limit 1") ?? "";

    private string? Image() => Text("select lower(hex(image_manifest)) from runs where log_index >= @at limit 1");

    private string Feature() => _dice.Below(3) switch { 0 => "avx512f", 1 => "amx_tile", _ => "avx2" };

    private string Place() => Text("select started_at || '.' || log_index from runs where log_index >= @at limit 1") ?? "";

    private string Condition() => _dice.Below(3) switch
    {
        0 => $"host={HostName()}",
        1 => $"image={Uri.EscapeDataString(World.ImageName(_dice.Skewed(World.Images)))}",
        _ => $"signer={Signer()}",
    };

    private string Month()
    {
        var from = World.First.AddDays(_dice.Below(2000));
        return $"/runs?since={from:yyyy-MM-dd}&until={from.AddDays(30):yyyy-MM-dd}&ended=badly";
    }

    private string? Text(string sql) => Ask(sql, (long)(_dice.Fraction() * _size)) as string;

    private object? Ask(string sql, long at) => _catalog.ExecuteScalar(sql, new { at });
}
