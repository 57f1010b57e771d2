using System.Text.Json;
using Provenance.Archive.Records;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>Everything about one image but the list of its packages, which has an address of its own.</summary>
internal sealed record ImageFullDocument
{
    public required ImageDocument Image { get; init; }

    /// <summary>Of its page, absolute.</summary>
    public required string Address { get; init; }

    public required VerificationDocument Verification { get; init; }

    /// <summary>How many packages it has, by manager; absent where the record does not say.</summary>
    public PackageInventory? Packages { get; init; }

    /// <summary>The program that the requirements are of; absent where that was not recorded.</summary>
    public string? Program { get; init; }

    /// <summary>What that program asks of a machine; absent where that was not recorded.</summary>
    public RunRequirements? Requirements { get; init; }

    /// <summary>Why there are none; absent where there are, and where nobody looked.</summary>
    public string? NoRequirements { get; init; }

    /// <summary>The in-toto statement that was signed. Its exact bytes are at <c>/records/ID/record.json</c>.</summary>
    public required JsonElement Statement { get; init; }
}
