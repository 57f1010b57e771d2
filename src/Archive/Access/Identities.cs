using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Access;

/// <summary>What tells of people and places in a run: names, machines, accounts, folders, keys. A reviewer is not to see them.</summary>
/// <remarks>
/// The kinds are those that archives of data leak through links for reviewers: authors, their institutions, addresses and ids, and on HPC systems
/// hosts, accounts, clusters, home folders and where sources come from.
/// </remarks>
public sealed class Identities
{
    private const int LeastLetters = 2;
    private const int LeastLettersOfWords = 3;

    /// <summary>They say of nobody who he is.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "root", "user", "nobody", "home", "localhost", "admin", "prov", "latest", "linux", "main", "master", "the", "and", "for", "von", "van", "der",
        "tmp", "var", "usr", "lib", "bin", "etc", "opt", "srv", "mnt", "data", "com", "org", "net", "edu", "git", "http", "https", "ssh", "www", "github",
        "docker", "library", "image", "images", "run", "runs", "file", "files",
    };

    private static readonly (string Name, IdentityKind Kind)[] Variables =
    [
        ("USER", IdentityKind.Person), ("LOGNAME", IdentityKind.Person), ("USERNAME", IdentityKind.Person), ("SUDO_USER", IdentityKind.Person),
        ("EMAIL", IdentityKind.Person), ("GIT_AUTHOR_NAME", IdentityKind.Person), ("GIT_AUTHOR_EMAIL", IdentityKind.Person),
        ("HOSTNAME", IdentityKind.Host), ("HOST", IdentityKind.Host), ("SLURM_JOB_USER", IdentityKind.Person), ("SLURM_JOB_ACCOUNT", IdentityKind.Account),
        ("SLURM_CLUSTER_NAME", IdentityKind.Cluster), ("SLURM_SUBMIT_HOST", IdentityKind.Host), ("PBS_O_HOST", IdentityKind.Host),
        ("PBS_ACCOUNT", IdentityKind.Account), ("PBS_O_LOGNAME", IdentityKind.Person),
    ];

    private readonly SortedDictionary<string, IdentityKind> _found = new(StringComparer.Ordinal);

    /// <summary>Each text, and what it tells of.</summary>
    public IReadOnlyDictionary<string, IdentityKind> Found => _found;

    /// <summary>Digests of certificates: every beginning of one tells as much.</summary>
    public SortedSet<string> Keys { get; } = new(StringComparer.Ordinal);

    public void Add(RunRecord run, SignerCertificate? signer)
    {
        Add(run.Invocation.User.Name, IdentityKind.Person);
        Add(Path.GetFileName(run.Invocation.User.Home), IdentityKind.Person);
        Add(run.Invocation.Hostname, IdentityKind.Host);
        foreach (var host in run.Hosts)
        {
            Add(host);
        }

        foreach (var variable in run.Environment)
        {
            if (Array.Find(Variables, one => one.Name == variable.Name) is { Name: not null } known)
            {
                Add(variable.Value, known.Kind);
            }
        }

        foreach (string remote in (run.Sources ?? []).Select(source => source.Remote).OfType<string>())
        {
            Add(remote, IdentityKind.Source);
            foreach (string part in remote.Split('/', ':', '@'))
            {
                Add(part.EndsWith(".git", StringComparison.Ordinal) ? part[..^".git".Length] : part, IdentityKind.Source);
            }
        }

        AddImage(run.Image.Reference);

        foreach (string folder in run.Mounts.Select(mount => mount.Source).OfType<string>())
        {
            AddHome(folder);
        }

        Add(signer);
    }

    /// <summary>Who took an image in, and from where.</summary>
    public void Add(ImageRecord image, SignerCertificate? signer)
    {
        Add(image.Importer?.Name, IdentityKind.Person);
        foreach (string name in (string[])[.. image.Source?.Names ?? [], .. image.Source is { } source ? [source.Reference] : Array.Empty<string>()])
        {
            AddImage(name);
        }

        Add(signer);
    }

    /// <summary>Where an image's name says that it is kept, and by whom: all but the last part of it.</summary>
    public void AddImage(string name)
    {
        foreach (string part in name.Split('/')[..^1].Where(part => !part.EndsWith(':') && part.Any(char.IsLetterOrDigit)))
        {
            Add(part, IdentityKind.Repository);
        }
    }

    /// <summary>Also what only the place that shows it tells: whose archive it is.</summary>
    public void Add(string? text, IdentityKind kind)
    {
        if (text is { Length: >= LeastLetters } && !Common.Contains(text) && !text.All(char.IsDigit))
        {
            _found.TryAdd(text, kind);
        }
    }

    private void Add(HostProfile host)
    {
        Add(host.Hostname, IdentityKind.Host);
        Add(host.Hostname.Split('.')[0], IdentityKind.Host);
        Add(host.Scheduler?.Cluster, IdentityKind.Cluster);
        Add(host.Scheduler?.Partition, IdentityKind.Cluster);
        Add(host.Scheduler?.NodeList, IdentityKind.Host);
    }

    public void Add(SignerCertificate? signer)
    {
        if (signer is null)
        {
            return;
        }

        Keys.Add(signer.Fingerprint.Hex);
        foreach (string name in (string[])[signer.Subject, signer.Issuer])
        {
            Add(name, IdentityKind.Person);
            foreach (var part in new X500DistinguishedName(name).EnumerateRelativeDistinguishedNames())
            {
                if (!part.HasMultipleElements)
                {
                    Add(part.GetSingleElementValue(), IdentityKind.Person);
                }
            }
        }

        Add(signer.Orcid, IdentityKind.Person);
        if (signer.Orcid is { } orcid)
        {
            // Without its hyphens most are digits alone, of which others tell of nobody.
            _found.TryAdd(orcid.Replace("-", "", StringComparison.Ordinal), IdentityKind.Person);
        }

        Add(signer.Email, IdentityKind.Person);
        Add(signer.Email?.Split('@')[0], IdentityKind.Person);
        Add(signer.Name, IdentityKind.Person);
        foreach (string word in signer.Name.Split([' ', ',', '@', '<', '>', '.'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length >= LeastLettersOfWords))
        {
            Add(word, IdentityKind.Person);
        }
    }

    /// <summary>Whose folder it is: what follows home, Users, scratch and the like.</summary>
    private void AddHome(string folder)
    {
        string[] parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int home = Array.FindIndex(parts, part => part is "home" or "Users" or "scratch" or "work" or "project" or "projects" or "lustre" or "gpfs");
        if (home >= 0 && home + 1 < parts.Length)
        {
            Add(parts[home + 1], IdentityKind.Person);
        }
    }
}
