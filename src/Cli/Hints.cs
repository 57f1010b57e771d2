using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Catalog;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli;

/// <summary>What a person can do about an error. Errors say what is; only this table says what to do, next to the options it mentions.</summary>
internal static class Hints
{
    private const string UserNamespaces =
        "this host forbids unprivileged user namespaces; an administrator allows them with sysctl user.max_user_namespaces, "
        + "kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0";

    /// <summary>For a job that ended by SIGILL, nobody knows where.</summary>
    public const string ForIllegalInstruction = "'--explain-sigill' follows all processes, and tells the instruction; "
        + "where the kernel's log may be read (sysctl kernel.dmesg_restrict=0) it is told without";

    /// <summary>For damage that no repair could mend.</summary>
    public const string ForUnrepaired = "'--from' names another archive, a backup, or a bundle that has what is needed; it may be given again";

    /// <summary>For a run whose standard input cannot be given a second time.</summary>
    public const string ForTwiceWithoutInput = "a file can be given again, and so can nothing: '< FILE', '< /dev/null'";

    private const string ForDamagedCatalog =
        "the catalog is only an index: 'prov archive reindex' makes it anew from the records, and 'prov archive fsck' tells whether more is damaged";

    /// <summary>For a record whose signer nobody vouches for here.</summary>
    public static string ForUnknownSigner(Digest record) =>
        $"'prov verify {record.Abbreviated}' tells the certificate's digest; compare it with what its owner told you, then "
        + $"'prov key trust {record.Abbreviated}' trusts whoever signed that record";

    /// <summary>For a time stamp that was made and counts for nothing here.</summary>
    public static string ForUntrustedTime(TimestampVerification stamp) =>
        $"the time of {stamp.Authority.Name} is not believed here: {stamp.Trust.Reason}; see prov key trust --tsa";

    /// <returns>Null when there is nothing to say that the error does not.</returns>
    public static string? For(Exception e, Workbench workbench, string command) => e switch
    {
        UsageException { InnerException: SocketException { SocketErrorCode: SocketError.AccessDenied } } =>
            "ports below 1024 need the capability CAP_NET_BIND_SERVICE, or a lower sysctl net.ipv4.ip_unprivileged_port_start",
        UsageException => $"see '{command} --help'",

        SyscallException { Call: "clone" or "clone3" or "unshare", Errno: Errno.EPERM or Errno.EACCES } => UserNamespaces,
        SyscallException { Call: "clone" or "clone3" or "unshare", Errno: Errno.ENOSPC or Errno.EUSERS } =>
            "the limit of user namespaces is reached; see sysctl user.max_user_namespaces",
        SyscallException { Call: "mount", Subject: "binfmt_misc" } =>
            "'--emulate' needs Linux 6.7 or newer with binfmt_misc, so that the programs which a job starts are emulated too",
        SyscallException { Call: "write" or "open" or "openat", Subject: "/proc/self/uid_map" or "uid_map", Errno: Errno.EPERM } => UserNamespaces,
        _ when DiskFull.IsReasonOf(e) => FullDisk(workbench),
        SyscallException { Errno: Errno.EROFS } => Archive(workbench),
        UnauthorizedAccessException when e.Message.Contains(workbench.Layout.Root, StringComparison.Ordinal) => Archive(workbench),

        QuotaException => "'prov archive gc' removes what nothing needs, with --drop-contents 90d also what old runs kept; "
            + $"the limits stand in '{workbench.Layout.Config}'",
        BlobMissingException missing when new DroppedBlobs(workbench.Layout).Find(missing.Digest) is { } note =>
            $"it was {DroppedBlobs.FateOf(note)}; whoever has the same bytes can bring them back by 'prov image import', 'prov import' or 'prov pull'",
        RegistryException { IsDenied: true } =>
            "'podman login HOST' or 'skopeo login HOST' keeps your credentials where prov finds them; '--authfile' names another file, "
            + "'--token-file' one with a token of an archive of prov",
        RegistryException { InnerException: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } =>
            "'--cert-dir' names a folder with the certificate of who vouches for the registry; http://HOST/… is asked without TLS",
        ImageException => Image(e.Message, workbench),
        BundleException when e.Message.EndsWith("expected 'BUNDLE.json'", StringComparison.Ordinal) =>
            "'prov import' takes what 'prov export' writes; 'prov image import' takes images",
        CatalogException { InnerException: SqliteException sqlite } when IsDamage(sqlite) => ForDamagedCatalog,
        SqliteException sqlite when IsDamage(sqlite) => ForDamagedCatalog,
        RecordNotFoundException => "'prov log' lists the runs of this archive; PROV_ARCHIVE names another",
        NoArchiveException => "PROV_ARCHIVE names another; 'prov archive init' makes one",
        AmbiguousRecordException => "give more digits",
        NotVerifiedException { IsTrust: true, Record: { } record } => ForUnknownSigner(record),
        TrustException => "'prov key list' shows the keys of this archive",

        InjectionRefusedException refused => ForRefusal(refused),
        BindException => "the form is -v SRC[:DST[:ro|rw]], with SRC on this machine and DST in the container",
        CommandException { ExitCode: CommandException.NotFound } => "with an IMAGE, what stands after '--' is looked up in it, not on this machine",
        _ => null,
    };

    /// <summary>What can be done about a replay that was refused.</summary>
    /// <returns>Null when nothing can, or nothing has to be.</returns>
    public static string? For(ReplayResult result) => result switch
    {
        { Record: { Verdict: ReplayVerdict.Differs } record } => ForDifference(record),
        { Record.Verdict: not ReplayVerdict.Refused } => null,
        { MissingInputs: [var first, ..] } => $"say where an input is now: -v PATH:{first.Path}, or -v FOLDER:FOLDER-IN-THE-CONTAINER",
        { Record.Assessment: { Verdict: Verdict.Refuse } assessment } when Assessor.Forced(assessment) is not null =>
            "'--force' goes on all the same; the replay's record will say so",
        _ => null,
    };

    /// <summary>The option under which what differs would be taken for reproduced, when that is all that stands in the way.</summary>
    private static string? ForDifference(ReplayRecord record)
    {
        var failing = record.Comparison.Where(output => output.Decides && output.Result > (record.Accepted ?? ComparisonResult.Identical)).ToList();
        if (failing.Count > 0 && failing.TrueForAll(output => output.Result == ComparisonResult.SameContent))
        {
            return "'--accept same-content' takes other bytes with the same content for reproduced";
        }

        bool areNumbers = failing.Count > 0
            && failing.TrueForAll(output => output.Result <= ComparisonResult.SameContent || output.Worst is { Relative: not null });
        return areNumbers
            ? "only numbers differ; '--rtol' and '--atol' say by how much they may"
            : record.Explanation is null && record.Forced.Count == 0 ? "'--explain' runs it again to find out why" : null;
    }

    private static string? ForRefusal(InjectionRefusedException refused)
    {
        string? remedy = refused.Findings.First(finding => finding.Verdict == Verdict.Refuse).Remedy;
        string? force = refused.CanForce ? "'--force' runs it all the same; the record will say so" : null;
        return remedy is null || force is null ? remedy ?? force : $"{remedy}; {force}";
    }

    private static string Archive(Workbench workbench) => $"the archive is '{workbench.Layout.Root}'; PROV_ARCHIVE names another";

    private static string FullDisk(Workbench workbench) =>
        $"free some space, or set PROV_ARCHIVE to a folder on a larger disk; the archive is '{workbench.Layout.Root}'";

    /// <summary>SQLite's SQLITE_CORRUPT and SQLITE_NOTADB.</summary>
    private static bool IsDamage(SqliteException e) => e.SqliteErrorCode is 11 or 26;

    /// <summary>For a name that is not there: the closest that is.</summary>
    private static string? Image(string message, Workbench workbench)
    {
        if (message.EndsWith("has to be pulled first", StringComparison.Ordinal))
        {
            return "'prov image pull' fetches it";
        }

        if (!message.EndsWith("not in the archive", StringComparison.Ordinal))
        {
            return null;
        }

        string typed = message.Split('\'')[1];
        var names = workbench.Images.List().Select(image => image.Name).OfType<string>().ToList();
        return Similar.Closest(typed, names) is { } near
            ? $"did you mean '{near}'? 'prov image list' shows all"
            : "'prov image list' shows the images; 'prov image import' takes one in";
    }
}
