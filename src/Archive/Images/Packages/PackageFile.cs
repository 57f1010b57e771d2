using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>What one file of a package manager says.</summary>
/// <param name="Packages">Without a path.</param>
/// <param name="Problem">Why that may not be all; null when it is.</param>
internal sealed record PackageFile(IReadOnlyList<ImagePackage> Packages, string? Problem)
{
    /// <summary>Of one file. The largest known, Debian's whole archive, has 60,000.</summary>
    private const int MaxPackages = 200_000;

    private const int MaxTextLength = 512;

    /// <summary>Never throws for what the bytes are.</summary>
    /// <param name="format">What the path says it is.</param>
    /// <param name="content">The first <see cref="PackageFormat.MaxBytes"/> of it, or all.</param>
    /// <param name="size">Of the whole file, in bytes.</param>
    public static PackageFile Read(PackageFormat format, ReadOnlyMemory<byte> content, long size)
    {
        if (size > format.MaxBytes && !format.HeadIsEnough)
        {
            return new PackageFile([], string.Create(CultureInfo.InvariantCulture, $"has {size} bytes, at most {format.MaxBytes} are read"));
        }

        var found = new List<ImagePackage>();
        string? problem = null;
        try
        {
            foreach (var package in format.Parse(content))
            {
                if (found.Count == MaxPackages)
                {
                    throw new ImageException($"has more than {MaxPackages} packages");
                }

                if (IsText(package.Name) && IsText(package.Version) && IsText(package.Architecture) && IsText(package.Build))
                {
                    found.Add(package);
                }
                else
                {
                    problem ??= $"names a package by an empty text, one of more than {MaxTextLength} characters, or one with control characters";
                }
            }
        }
        catch (ImageException e)
        {
            problem = e.Message;
        }

        return new PackageFile(found, problem);
    }

    /// <summary>With what the path says, where the content says nothing.</summary>
    public IReadOnlyList<ImagePackage> At(string path, PackageFormat format) =>
    [
        .. Packages.Count > 0 || format.OfPath(path) is not { } named || !IsText(named.Name) || !IsText(named.Version)
            ? Packages.Select(package => package with { Path = path })
            : [named with { Path = path }],
    ];

    private static bool IsText(string? text) => text is null
        || (text.Length is > 0 and <= MaxTextLength && !text.Any(char.IsControl) && !text.Any(char.IsSurrogate));
}
