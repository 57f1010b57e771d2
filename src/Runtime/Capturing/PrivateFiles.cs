using System.Text.RegularExpressions;

namespace Provenance.Runtime.Capturing;

/// <summary>Files that are never packed, since an image is made to be given away: keys, passwords, and what identifies the machine.</summary>
internal static partial class PrivateFiles
{
    private static readonly HashSet<string> Exact = new(StringComparer.Ordinal)
    {
        "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers", "/etc/security/opasswd",
        "/etc/krb5.keytab", "/etc/munge/munge.key", "/etc/slurm/slurmdbd.conf", "/etc/slurm/jwt_hs256.key",
        "/etc/machine-id", "/var/lib/dbus/machine-id", "/etc/ssl/private", "/etc/pki/tls/private",
    };

    private static readonly string[] Below =
    [
        "/etc/ssl/private/", "/etc/pki/tls/private/", "/etc/sudoers.d/", "/etc/wireguard/", "/etc/letsencrypt/",
        "/etc/NetworkManager/system-connections/", "/etc/ipsec.d/private/", "/etc/polkit-1/", "/var/lib/sss/secrets/",
        "/var/lib/systemd/random-seed", "/var/lib/private/",
    ];

    private static readonly HashSet<string> Folders = new(StringComparer.Ordinal)
    {
        ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".pki", ".globus", ".oci",
    };

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        ".netrc", "_netrc", ".pgpass", ".my.cnf", ".git-credentials", ".npmrc", ".pypirc", ".s3cfg", ".boto", ".Xauthority",
        ".ICEauthority", ".bash_history", ".python_history", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519",
    };

    /// <param name="path">Absolute, without links and dots.</param>
    public static bool Has(string path)
    {
        string[] parts = path.Split('/');
        return Exact.Contains(path)
            || Array.Exists(Below, folder => path.StartsWith(folder, StringComparison.Ordinal))
            || Names.Contains(parts[^1])
            || Array.Exists(parts, Folders.Contains)
            || path.Contains("/.config/gcloud/", StringComparison.Ordinal)
            || KeyFile().IsMatch(path);
    }

    // Host keys of ssh; key stores; a private key in PEM is called .key by those that keep certificates and keys apart.
    [GeneratedRegex(@"(/ssh_host_[a-z0-9]+_key|\.(keytab|p12|pfx|kdbx|jks))\z|\A/etc/.*\.key\z|\A/(home|root)/.*\.key\z")]
    private static partial Regex KeyFile();
}
