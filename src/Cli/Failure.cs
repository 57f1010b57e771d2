using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Provenance.Archive;
using Provenance.Runtime;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli;

/// <summary>Turns what was thrown into one line, a hint, and an exit status.</summary>
internal static partial class Failure
{
    public static int Report(Exception e, Terminal terminal, Workbench workbench, string command)
    {
        terminal.Error(Describe(e));
        if (FindHint(e, workbench, command) is { } hint)
        {
            terminal.Hint(hint);
        }

        if (Environment.GetEnvironmentVariable("PROV_DEBUG") == "1")
        {
            terminal.RawError(e + "\n");
        }

        return ExitCode(e);
    }

    /// <summary>A hint may have to look into the archive: what fails there must not hide the error.</summary>
    private static string? FindHint(Exception e, Workbench workbench, string command)
    {
        try
        {
            return Hints.For(e, workbench, command);
        }
        catch (Exception other) when (IsOurs(other))
        {
            return null;
        }
    }

    /// <summary>What a person can cause or meet: everything else is our own mistake.</summary>
    private static bool IsOurs(Exception e) =>
        e is UsageException or ArchiveException or RuntimeException or SyscallException or SqliteException
            or IOException or UnauthorizedAccessException or OperationCanceledException;

    private static int ExitCode(Exception e) => e switch
    {
        UsageException => ExitCodes.Usage,
        CommandException command => command.ExitCode,
        InjectionRefusedException or NotVerifiedException { IsTrust: true } => ExitCodes.Refused,
        _ => ExitCodes.Failed,
    };

    private static string Describe(Exception e) => e switch
    {
        UsageException or ArchiveException or RuntimeException or SyscallException => OneLine(e.Message),
        SqliteException sqlite => $"the archive's catalog: {OneLine(sqlite.Message).TrimEnd('.')}",
        FileNotFoundException { FileName: { } path } => $"'{path}': no such file",
        FileNotFoundException when IsWorkingFolderGone() => "the working folder is gone",
        _ when IsOurs(e) => Reword(e.Message),
        _ => $"{OneLine(e.Message)} ({e.GetType().Name}); this is a defect of prov",
    };

    /// <summary>getcwd(2) fails without a name, in whatever is done first with a relative path.</summary>
    private static bool IsWorkingFolderGone()
    {
        try
        {
            _ = Directory.GetCurrentDirectory();
            return false;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
    }

    /// <summary>The runtime's own sentences, such as <c>No space left on device : '/a'</c>, as ours: <c>'/a': no space left on device</c>.</summary>
    public static string Reword(string message)
    {
        string text = OneLine(message).TrimEnd('.');
        var match = SubjectLast().Match(text);
        if (match.Success)
        {
            return $"{match.Groups["subject"].Value}: {LowerCase(match.Groups["reason"].Value)}";
        }

        match = AccessDenied().Match(text);
        return match.Success ? $"{match.Groups["subject"].Value}: permission denied" : LowerCase(text);
    }

    private static string LowerCase(string text) =>
        text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;

    private static string OneLine(string message) =>
        string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"\A(?<reason>.+?) ?: (?<subject>'.+')\z")]
    private static partial Regex SubjectLast();

    [GeneratedRegex(@"\AAccess to the path (?<subject>'.+') is denied\z")]
    private static partial Regex AccessDenied();
}
