using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>Asks for the passphrase of a key at the terminal that the program was started from, wherever its standard streams go.</summary>
internal static class PassphraseQuestion
{
    private const string Terminal = "/dev/tty";
    private const int MaxBytes = 4096;

    /// <param name="isNew">Whether a new one is chosen, which is asked for twice.</param>
    /// <returns>Null where there is no terminal, or the two are not the same.</returns>
    public static string? Ask(bool isNew)
    {
        if (!isNew)
        {
            return AskOnce("prov: passphrase of the key that signs: ");
        }

        string? first = AskOnce("prov: new passphrase, of 8 characters at least: ");
        return first is null ? null
            : AskOnce("prov: the same once more: ") == first ? first
            : throw new UsageException("the two passphrases are not the same");
    }

    private static string? AskOnce(string question)
    {
        try
        {
            using var stream = new FileStream(Terminal, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            using var silence = TerminalEcho.Off(stream.SafeFileHandle);
            if (silence is null)
            {
                return null;
            }

            stream.Write(Encoding.UTF8.GetBytes(question));
            byte[] line = new byte[MaxBytes];
            int length = 0;
            while (length < line.Length && stream.Read(line, length, 1) == 1 && line[length] != '\n')
            {
                length++;
            }

            return Encoding.UTF8.GetString(line, 0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
