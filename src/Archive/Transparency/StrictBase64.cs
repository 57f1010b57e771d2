namespace Provenance.Archive.Transparency;

/// <summary>Base 64 in one form only: no blanks, no missing padding, no bits that are left over.</summary>
/// <remarks>Source: RFC 4648 §4 and §3.5. What .NET decodes besides would make many texts of one signature.</remarks>
internal static class StrictBase64
{
    public static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out int written))
        {
            bytes = [];
            return false;
        }

        bytes = bytes[..written];
        return Convert.ToBase64String(bytes) == text;
    }
}
