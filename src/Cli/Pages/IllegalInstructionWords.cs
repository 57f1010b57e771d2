using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>What a process that ended by SIGILL stood at, as one sentence.</summary>
internal static class IllegalInstructionWords
{
    public static string Of(IllegalInstruction illegal)
    {
        string program = illegal.Program.Length > 0 ? $"'{illegal.Program}' ended" : "a process of the job ended";
        return $"{program} by SIGILL: {Cause(illegal)}; {Place(illegal)}";
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

        string function = illegal.Function is { } name ? $"in {(name.StartsWith("function at ", StringComparison.Ordinal) ? name : $"'{name}'")} of " : "in ";
        return $"{function}'{file}' at offset {illegal.FileOffset}";
    }
}
