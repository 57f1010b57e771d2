using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>A kind of file by which a package manager tells what is installed.</summary>
/// <param name="Manager">Whose it is.</param>
/// <param name="MaxBytes">A larger file is not read, or only so much of it.</param>
/// <param name="Parse">Its packages, without a path. Throws <see cref="ImageException"/> where it is broken: those before count.</param>
internal sealed record PackageFormat(string Manager, int MaxBytes, Func<ReadOnlyMemory<byte>, IEnumerable<ImagePackage>> Parse)
{
    /// <summary>Whether the first <see cref="MaxBytes"/> have all that is asked for.</summary>
    public bool HeadIsEnough { get; init; }

    /// <summary>How much of a file is asked for, in bytes.</summary>
    /// <param name="size">Of the file.</param>
    public int BytesOf(long size) => size <= MaxBytes ? (int)size : HeadIsEnough ? MaxBytes : 0;

    /// <summary>The package that the path alone names, where the content names none.</summary>
    public Func<string, ImagePackage?> OfPath { get; init; } = _ => null;
}
