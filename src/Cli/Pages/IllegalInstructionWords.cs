using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>What a process that ended by SIGILL stood at, as one sentence.</summary>
internal static class IllegalInstructionWords
{
    /// <summary>For a process that was no longer followed, where the kernel's log may not be read.</summary>
    public const string Unknown = "the job ended with 132, as by SIGILL, and at which instruction was not seen";

    public static string Of(IllegalInstruction illegal)
    {
        string program = illegal.Program.Length == 0 ? "a process of the job" : $"'{illegal.Program}'";
        string source = illegal.FromLog == true ? ", as the kernel's log has it" : "";
        return $"{program} ended by SIGILL: {Cause(illegal)}; {Place(illegal)}{source}";
    }

    private static string Cause(IllegalInstruction illegal)
    {
        if (illegal.Instruction is not { } instruction)
        {
            return illegal.Bytes.Length == 0
                ? "its instruction could not be read"
                : $"the bytes {illegal.Bytes} are no instruction that is known";
        }

        string needed = string.Join(", ", illegal.Needed);
        return illegal.Missing.Count > 0 ? $"'{instruction}' needs {needed}, and this CPU has no {string.Join(", ", illegal.Missing)}"
            : illegal.Needed.Count > 0 ? $"'{instruction}' needs {needed}, which this CPU has, but not in this form"
            : $"'{instruction}' is no instruction for programs on any CPU; compilers put it where a program must not come";
    }

    private static string Place(IllegalInstruction illegal)
    {
        if (illegal.File is not { } file)
        {
            return $"at {illegal.Address}, in code that was generated as the program ran";
        }

        if (illegal.FileOffset is null)
        {
            return $"at {illegal.Address}, in a file '{file}' that was not found";
        }

        string function = illegal.Function is { } name ? $"in {(name.StartsWith("function at ", StringComparison.Ordinal) ? name : $"'{name}'")} of " : "in ";
        return $"{function}'{file}' at offset {illegal.FileOffset}";
    }
}
