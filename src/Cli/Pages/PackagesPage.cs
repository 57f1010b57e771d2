using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>The packages of an image, one a line, and what could not be read of them.</summary>
internal static class PackagesPage
{
    public static void Print(PackageInventory inventory, IEnumerable<ImagePackage> packages, Terminal terminal)
    {
        var table = new TextTable("MANAGER", "NAME", "VERSION", "FOR", "BUILD");
        foreach (var package in packages)
        {
            table.Add(package.Manager, package.Name, package.Version, package.Architecture ?? "-", package.Build ?? "-");
        }

        if (inventory.Count > 0)
        {
            table.Print(terminal);
        }
        else
        {
            terminal.Note("the image has no packages that a package manager tells of");
        }

        foreach (var unread in inventory.Unread)
        {
            terminal.Warning($"'{unread.Path}' {unread.Reason}: what it says of packages may be missing here");
        }
    }

    /// <summary>How many there are, in a line.</summary>
    public static string Summary(PackageInventory inventory)
    {
        string counted = inventory.Managers.Count == 0 ? "none" : string.Join(", ", inventory.Managers.Select(one => $"{one.Count} {one.Manager}"));
        return inventory.Unread.Count == 0
            ? counted
            : $"{counted}; {Readable.Count(inventory.Unread.Count, "file", "files")} of package managers could not be read";
    }
}
