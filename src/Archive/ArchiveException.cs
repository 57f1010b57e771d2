namespace Provenance.Archive;

/// <summary>Something in the archive, or offered to it, is not as it must be. The message names what failed and on what.</summary>
/// <remarks>What was offered may stand in the message: a control character in it, which a terminal would obey, becomes a question mark.</remarks>
public class ArchiveException(string message, Exception? cause = null) : Exception(OneLine(message), cause)
{
    private static string OneLine(string message) =>
        message.AsSpan().ContainsAnyInRange('\0', '\u001f') || message.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? string.Create(message.Length, message, (line, text) =>
            {
                for (int i = 0; i < line.Length; i++)
                {
                    line[i] = char.IsControl(text[i]) ? '?' : text[i];
                }
            })
            : message;
}
