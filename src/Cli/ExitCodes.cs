namespace Provenance.Cli;

/// <summary>What the exit status of <c>prov</c> means when it is not the job's own. Told in <c>prov --help</c>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>replay: the results differ; verify, fsck, log audit: something is not as it must be; diff: the runs differ; find, tree: nothing.</summary>
    public const int Differs = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>
    /// replay, check: this machine cannot, or must not, repeat the run; run: its libraries or devices do not fit the image; verify: all
    /// matches, and the signer is not trusted here; log audit: the log's key has signed no checkpoint there.
    /// </summary>
    public const int Refused = 3;

    /// <summary>replay: the job ran and its results could not be compared.</summary>
    public const int NotCompared = 4;

    /// <summary>verify: nothing is wrong, and something that is needed is missing; renew: fewer witnesses than required have cosigned.</summary>
    public const int Incomplete = 4;

    /// <summary>log audit: the log's key has signed two histories.</summary>
    public const int Forked = 5;

    /// <summary>log audit: entries that were seen are gone.</summary>
    public const int RolledBack = 6;

    /// <summary>prov itself failed. As podman and env(1) have it, and the next two also.</summary>
    public const int Failed = 125;

    public const int CannotExecute = 126;

    public const int NotFound = 127;

    /// <summary>The job was ended by this signal: what a shell would say.</summary>
    public static int OfSignal(int signal) => 128 + signal;
}
