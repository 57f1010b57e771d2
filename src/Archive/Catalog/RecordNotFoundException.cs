namespace Provenance.Archive.Catalog;

/// <summary>No record has that name.</summary>
public sealed class RecordNotFoundException : ArchiveException
{
    /// <param name="name">As it was asked for.</param>
    public RecordNotFoundException(string name)
        : this(name, Describe(name))
    {
    }

    private RecordNotFoundException(string name, string message)
        : base(message) => Name = name;

    /// <summary>As it was asked for.</summary>
    public string Name { get; }

    /// <summary>Of a file that is asked about, and is nothing of which records know.</summary>
    public static RecordNotFoundException OfFile(string path) =>
        new(path, $"'{path}': no bundle, no statement with its signature beside it, and no run in this archive made these bytes");

    private static string Describe(string name) => DigestPrefix.IsTooShort(name)
        ? $"record '{name}': at least {DigestPrefix.MinDigits} digits of its id are needed"
        : $"record '{name}': not in this archive";
}
