using System.Globalization;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;
using Tomlyn;
using Tomlyn.Model;

namespace Provenance.Archive.Trust;

/// <summary>Reads a trust policy. What it does not understand it refuses: a rule that is passed over is a rule that is not kept.</summary>
internal static class TrustPolicyFile
{
    private const int MaxSigners = 10_000;
    private const int MaxRequiredSigners = 100;
    private const int MaxLogs = 100;

    public static TrustPolicy Read(string path)
    {
        var document = SettingsFile.Read(path);
        var policy = new TrustPolicy { Source = Path.GetFileName(path) };
        foreach (var (name, value) in document)
        {
            policy = (name, value) switch
            {
                ("require", TomlTable required) => required.Aggregate(policy, (so, pair) => WithRequirement(so, pair.Key, pair.Value, path)),
                ("signer", TomlTableArray signers) when signers.Count <= MaxSigners =>
                    policy with { Signers = [.. signers.Select(signer => ReadSigner(signer, path))] },
                _ => throw new TrustException(path, $"'{name}' is not known; there are [require] and [[signer]]"),
            };
        }

        return policy;
    }

    private static TrustPolicy WithRequirement(TrustPolicy policy, string name, object? value, string path) => (name, value) switch
    {
        ("time", bool required) => policy with { RequiresTime = required },
        ("log", bool required) => policy with { RequiresLog = required },
        ("logs", TomlArray keys) when keys.Count is > 0 and <= MaxLogs => policy with { RequiredLogs = [.. keys.Select(key => ReadLog(key, path))] },
        ("logs", _) => throw new TrustException(path, $"'require.logs' is not understood, expected a list of 1 to {MaxLogs} verifier keys of logs"),
        ("signers", long required and >= 1 and <= MaxRequiredSigners) => policy with { RequiredSigners = (int)required },
        ("signers", _) => throw new TrustException(path, $"'require.signers' is '{value}', expected 1 to {MaxRequiredSigners}"),
        ("witnesses", long required and >= 0 and <= MaxRequiredSigners) => policy with { RequiredWitnesses = (int)required },
        ("witnesses", _) => throw new TrustException(path, $"'require.witnesses' is '{value}', expected 0 to {MaxRequiredSigners}"),
        ("post_quantum", bool required) => policy with { RequiresPostQuantum = required },
        ("revocation", bool required) => policy with { RequiresRevocation = required },
        ("time" or "log" or "post_quantum" or "revocation", _) => throw new TrustException(path, $"'require.{name}' is '{value}', expected true or false"),
        _ => throw new TrustException(path, $"'require.{name}' is not known; there are time, log, logs, witnesses, signers, post_quantum and revocation"),
    };

    private static string ReadLog(object? value, string path)
    {
        try
        {
            var key = VerifierKey.Parse(value as string ?? "");
            return key.Role == NoteKeyRole.Log ? key.ToString() : throw new TrustException(path, $"'require.logs' has '{value}', which is a witness's key");
        }
        catch (LogException e)
        {
            throw new TrustException(path, $"'require.logs': {e.Message}");
        }
    }

    private static PolicySigner ReadSigner(TomlTable table, string path)
    {
        var signer = new PolicySigner { Certificate = CertificateOf(table, path) };
        foreach (var (name, value) in table)
        {
            signer = (name, value) switch
            {
                ("certificate", _) => signer,
                ("name", string person) when person.Length > 0 => signer with { Name = person },
                ("may", TomlArray kinds) => signer with { May = [.. kinds.Select(kind => ReadKind(kind, path))] },
                ("from", TomlDateTime day) => signer with { From = day.DateTime },
                ("until", TomlDateTime day) => signer with { Until = day.DateTime },
                _ => throw new TrustException(
                    path, $"'signer.{name}' is '{value}', which is not understood; there are certificate, name, may, and from and until with a date"),
            };
        }

        return signer;
    }

    private static Digest CertificateOf(TomlTable table, string path) =>
        table.TryGetValue("certificate", out object? value) && value is string text && Digest.TryParseHex(Plain(text), out var digest)
            ? digest
            : throw new TrustException(path, "a signer has no 'certificate', expected the 64 hex digits of its SHA-256");

    /// <summary>As <c>prov key list</c> shows it, or as openssl prints it, with colons and in capitals.</summary>
    private static string Plain(string fingerprint) =>
        (fingerprint.StartsWith("sha256:", StringComparison.Ordinal) ? fingerprint["sha256:".Length..] : fingerprint)
            .Replace(":", "", StringComparison.Ordinal).ToLower(CultureInfo.InvariantCulture);

    private static RecordKind ReadKind(object? kind, string path) => kind switch
    {
        "image" => RecordKind.Image,
        "run" => RecordKind.Run,
        "replay" => RecordKind.Replay,
        "endorsement" => RecordKind.Endorsement,
        "citation" => RecordKind.Citation,
        "rotation" => RecordKind.Rotation,
        "revocation" => RecordKind.Revocation,
        "tombstone" => RecordKind.Tombstone,
        _ => throw new TrustException(
            path, $"'signer.may' has '{kind}', expected image, run, replay, endorsement, citation, rotation, revocation or tombstone"),
    };
}
