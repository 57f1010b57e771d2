namespace Provenance.Web.Hosting;

/// <summary>What the server writes into its log: no address of a client, and no query, which may say what somebody is working on.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Method} {Path} {Status} in {Milliseconds} ms")]
    public static partial void Answered(ILogger logger, string method, string path, int status, long milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{Path} could not be answered")]
    public static partial void Failed(ILogger logger, string path, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "what clients did not send to its end cannot be removed")]
    public static partial void NotTidied(ILogger logger, Exception exception);

    [LoggerMessage(20, LogLevel.Information, "certificate '{File}' read again: good until {NotAfter}")]
    public static partial void CertificateRead(ILogger logger, string file, DateTime notAfter);

    [LoggerMessage(21, LogLevel.Error, "the certificate stays what it was: {Reason}")]
    public static partial void CertificateRefused(ILogger logger, string reason);
}
