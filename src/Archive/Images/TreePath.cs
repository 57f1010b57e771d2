using System.Text;

namespace Provenance.Archive.Images;

/// <summary>A place in an image: names joined by slashes, from the root, with no slash before or after; the root is the empty path.</summary>
/// <remarks>No name is empty, <c>.</c> or <c>..</c>, or holds a NUL. Whether a link stands on the way is not known here.</remarks>
public sealed record TreePath
{
    /// <summary>Linux: PATH_MAX.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Linux: NAME_MAX.</summary>
    public const int MaxNameBytes = 255;

    private readonly string _text;

    private TreePath(string text) => _text = text;

    public static TreePath Root { get; } = new("");

    public bool IsRoot => _text.Length == 0;

    /// <summary>The last name; empty for the root.</summary>
    public string Name => _text[(_text.LastIndexOf('/') + 1)..];

    /// <summary>The root's parent is the root.</summary>
    public TreePath Parent
    {
        get
        {
            int slash = _text.LastIndexOf('/');
            return slash < 0 ? Root : new TreePath(_text[..slash]);
        }
    }

    /// <summary>Takes a path as archives write it: <c>./a//b/</c> and <c>/a/b</c> are <c>a/b</c>.</summary>
    /// <exception cref="HostileImageException">It climbs with <c>..</c>, holds a NUL, or it or one of its names is too long.</exception>
    public static TreePath Parse(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new HostileImageException($"path {Quote(text)}: holds a NUL");
        }

        string[] names = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string joined = string.Join('/', names.Where(name => name != "."));
        return names.Contains("..")
            ? throw new HostileImageException($"path {Quote(text)}: climbs with '..'")
            : WithinLimits(joined);
    }

    /// <summary>The entry of that name in this folder.</summary>
    internal TreePath Child(string name) => new(IsRoot ? name : $"{_text}/{name}");

    public override string ToString() => _text;

    internal IEnumerable<string> Names() => IsRoot ? [] : _text.Split('/');

    /// <summary>Names that came from paths or link targets, joined. Only the length is checked.</summary>
    internal static TreePath FromNames(IEnumerable<string> names) => WithinLimits(string.Join('/', names));

    private static TreePath WithinLimits(string joined)
    {
        if (joined.Length * 3 <= MaxNameBytes)
        {
            return new TreePath(joined);
        }

        if (Encoding.UTF8.GetByteCount(joined) > MaxBytes)
        {
            throw new HostileImageException($"path {Quote(joined)}: longer than {MaxBytes} bytes");
        }

        foreach (var range in joined.AsSpan().Split('/'))
        {
            if (Encoding.UTF8.GetByteCount(joined.AsSpan()[range]) > MaxNameBytes)
            {
                throw new HostileImageException($"path {Quote(joined)}: a name longer than {MaxNameBytes} bytes");
            }
        }

        return new TreePath(joined);
    }

    /// <summary>For messages: quoted, shortened, and with nothing in it that a terminal would obey.</summary>
    internal static string Quote(string text)
    {
        const int Shown = 120;
        var quoted = new StringBuilder("'");
        foreach (char character in text.Length > Shown ? text[..Shown] : text)
        {
            quoted.Append(char.IsControl(character) ? '?' : character);
        }

        return quoted.Append(text.Length > Shown ? "…'" : "'").ToString();
    }
}
