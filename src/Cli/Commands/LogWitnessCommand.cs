using System.CommandLine;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log witness</c>.</summary>
internal sealed class LogWitnessCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "what the witness is known by, such as witness.example.org/lab2" };
    private readonly Argument<string> _file = new("FILE") { Description = "where the key is put; only you can read it" };

    public LogWitnessCommand()
        : base("witness", "make a key with which logs of others are cosigned")
    {
        Arguments.Add(_name);
        Arguments.Add(_file);
    }

    public override string Remarks => """
        Prints the witness's verifier key. Who keeps it in their archive's folder trust/, in a file that ends in .vkey, takes
        what the witness signs. Use the key for this alone, and on a machine that those who keep the log do not keep.
        """;

    public override IReadOnlyList<Example> Examples =>
        [new("prov log witness witness.example.org/lab2 lab2.pem > lab2.vkey", "one file for you, and one for those whose logs you follow")];

    public override int Execute(CommandCall call)
    {
        string path = call.Value(_file)!;
        if (File.Exists(path))
        {
            throw new UsageException($"'{path}' exists already");
        }

        var key = Create(call.Value(_name)!);
        AtomicFile.Write(Path.GetFullPath(path), Encoding.UTF8.GetBytes(key.ToText()), Files.SyncFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        call.Terminal.Line(key.Verifier.ToString());
        return ExitCodes.Success;
    }

    private static NoteKey Create(string name)
    {
        try
        {
            return NoteKey.Create(name, NoteKeyRole.Witness);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"'{name}' is no name of a witness: it is not empty, and has neither blanks nor '+'");
        }
    }
}
