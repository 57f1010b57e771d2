using System.Globalization;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;
using Tomlyn;
using Tomlyn.Model;

namespace Provenance.Archive.Trust;

/// <summary>
/// Certificates that are no longer trusted in this archive from some time on, be they its own, pinned, or vouched for: <c>trust/withdrawn.toml</c>.
/// </summary>
/// <remarks>
/// A self-signed certificate has no authority that could put it on a list. As with a list, what was signed at a proven time before stays good. Read
/// strictly: what is not understood is an error.
/// </remarks>
public sealed class WithdrawnCertificates
{
    private const int MaxReason = 200;

    private readonly Dictionary<Digest, (DateTimeOffset From, string? Reason)> _all = [];

    private WithdrawnCertificates()
    {
    }

    public static WithdrawnCertificates None { get; } = new();

    /// <exception cref="TrustException">The file cannot be understood.</exception>
    public static WithdrawnCertificates Load(StoreLayout layout)
    {
        if (!File.Exists(layout.Withdrawn))
        {
            return None;
        }

        var withdrawn = new WithdrawnCertificates();
        foreach (var (name, value) in SettingsFile.Read(layout.Withdrawn))
        {
            if (name != "withdrawn" || value is not TomlTableArray tables)
            {
                throw new TrustException(layout.Withdrawn, $"'{name}' is not known; there is [[withdrawn]]");
            }

            foreach (var table in tables)
            {
                withdrawn.Add(table, layout.Withdrawn);
            }
        }

        return withdrawn;
    }

    /// <summary>Withdraws a certificate from a time on; of two times the earlier counts.</summary>
    /// <param name="layout">The archive.</param>
    /// <param name="certificate">SHA-256 of its DER.</param>
    /// <param name="from">From when on nothing that it signed counts.</param>
    /// <param name="reason">One line of at most 200 characters without quotes and backslashes; null for none.</param>
    /// <param name="sync">Makes a name durable.</param>
    /// <exception cref="TrustException">The file that is there cannot be understood, or the reason is none.</exception>
    public static void Add(StoreLayout layout, Digest certificate, DateTimeOffset from, string? reason, FolderSync sync)
    {
        if (reason is not null && (reason.Length is 0 or > MaxReason || reason.Any(letter => char.IsControl(letter) || letter is '"' or '\\')))
        {
            throw new TrustException(layout.Withdrawn, $"a reason is one line of 1 to {MaxReason} characters without quotes and backslashes");
        }

        _ = Load(layout);
        Directory.CreateDirectory(layout.Trust);
        sync(layout.Root);
        var text = new StringBuilder(File.Exists(layout.Withdrawn) ? File.ReadAllText(layout.Withdrawn).TrimEnd() + "\n\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"[[withdrawn]]\ncertificate = \"{certificate.Hex}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"from = {from.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n");
        if (reason is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"reason = \"{reason}\"\n");
        }

        AtomicFile.Write(layout.Withdrawn, Encoding.UTF8.GetBytes(text.ToString()), sync);
    }

    /// <summary>Why a certificate is not good at that time; null when it is not withdrawn, or only from a later time on.</summary>
    internal string? Problem(Digest certificate, DateTimeOffset at) =>
        _all.TryGetValue(certificate, out var known) && at >= known.From
            ? $"was withdrawn from {known.From:u} on{(known.Reason is { } reason ? $" ({reason})" : "")}, and was judged for {at:u}"
            : null;

    private void Add(TomlTable table, string path)
    {
        Digest? certificate = null;
        DateTimeOffset? from = null;
        string? reason = null;
        foreach (var (name, value) in table)
        {
            switch (name, value)
            {
                case ("certificate", string hex) when Digest.TryParseHex(hex, out var digest):
                    certificate = digest;
                    break;
                case ("from", TomlDateTime day):
                    from = day.DateTime;
                    break;
                case ("reason", string text):
                    reason = text;
                    break;
                default:
                    throw new TrustException(
                        path,
                        $"'withdrawn.{name}' is '{value}', which is not understood; there are certificate with 64 hex digits, from with a time, and reason");
            }
        }

        if (certificate is null || from is not { } since)
        {
            throw new TrustException(path, "a withdrawn certificate lacks 'certificate' or 'from'");
        }

        if (!_all.TryGetValue(certificate, out var known) || since < known.From)
        {
            _all[certificate] = (since, reason);
        }
    }
}
