using System.Text;
using System.Xml;

namespace Provenance.Web.Feeds;

/// <summary>Text of records in XML 1.0, which has no way to write most control characters.</summary>
/// <remarks>Source: XML 1.0 (fifth edition) §2.2.</remarks>
internal static class XmlText
{
    public static string Of(string text)
    {
        var allowed = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            bool isAllowed = rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value);
            allowed.Append(isAllowed ? rune : Rune.ReplacementChar);
        }

        return allowed.ToString();
    }
}
