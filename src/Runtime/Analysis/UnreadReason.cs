using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>Why a file was not looked into, as records say it: without where it lies on this machine.</summary>
internal static class UnreadReason
{
    internal static string Of(Exception cause) => cause switch
    {
        ElfFormatException => cause.Message,
        UnauthorizedAccessException => "may not be read",
        _ => "could not be read",
    };
}
