using System.Net;

namespace Provenance.Archive.Distribution;

/// <summary>A registry cannot be reached, does not do what was asked, or answers with something that it must not.</summary>
/// <param name="subject">What was asked for, with the registry.</param>
/// <param name="reason">What came of it.</param>
/// <param name="status">As it was answered; null where no answer came, or not the answer is what is wrong.</param>
/// <param name="cause">What was thrown below.</param>
public sealed class RegistryException(string subject, string reason, HttpStatusCode? status = null, Exception? cause = null)
    : ArchiveException($"{subject}: {reason}", cause)
{
    public string Reason { get; } = reason;

    public HttpStatusCode? Status { get; } = status;

    /// <summary>Whether it says that there is no such thing.</summary>
    public bool IsNotFound => Status is HttpStatusCode.NotFound or HttpStatusCode.Gone;

    /// <summary>Whether somebody else, or the same one logged in, would be let.</summary>
    public bool IsDenied => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
}
