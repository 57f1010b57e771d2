using Provenance.Archive.Records;
using Provenance.Runtime.Capturing;
using Xunit;

namespace Provenance.Runtime.Tests.Capturing;

/// <summary>Whose a file of the host is, as a table.</summary>
public sealed class CaptureClassifierTests
{
    private static readonly string[] Marks =
    [
        "/home/ada/fit/.venv/pyvenv.cfg", "/scratch/env/conda-meta", "/home/ada/spack/opt/zlib-1.3-x/.spack",
        "/data/Rlib/ggplot2/Meta/package.rds", "/home/ada/fit/pyvenv.cfg.d",
    ];

    [Theory]

    // Of the system.
    [InlineData("/usr/bin/python3.11", "Image")]
    [InlineData("/usr/lib/x86_64-linux-gnu/libc.so.6", "Image")]
    [InlineData("/lib64", "Image")]
    [InlineData("/etc/ld.so.cache", "Image")]
    [InlineData("/etc/alternatives/awk", "Image")]
    [InlineData("/etc/nsswitch.conf", "Image")]
    [InlineData("/opt/tool/bin/tool", "Image")]
    [InlineData("/usr/local/lib/libours.so", "Image")]
    [InlineData("/var/lib/texmf/ls-R", "Image")]
    [InlineData("/nix/store/abc-bash/bin/bash", "Image")]
    [InlineData("/cvmfs/software.eessi.io/versions/2023.06/init/bash", "Image")]
    [InlineData("/etc/ssl/certs/ca-certificates.crt", "Image")]

    // The kernel's, and what every container is given.
    [InlineData("/proc/self/maps", "Provided")]
    [InlineData("/sys/devices/system/cpu/online", "Provided")]
    [InlineData("/dev/urandom", "Provided")]
    [InlineData("/run/systemd/resolve/stub-resolv.conf", "Provided")]
    [InlineData("/etc/passwd", "Provided")]
    [InlineData("/etc/resolv.conf", "Provided")]

    // Never packed.
    [InlineData("/etc/shadow", "Private")]
    [InlineData("/etc/ssl/private/ssl-cert-snakeoil.key", "Private")]
    [InlineData("/etc/apache2/server.key", "Private")]
    [InlineData("/etc/ssh/ssh_host_ed25519_key", "Private")]
    [InlineData("/etc/machine-id", "Private")]
    [InlineData("/etc/sudoers.d/README", "Private")]
    [InlineData("/etc/krb5.keytab", "Private")]
    [InlineData("/home/ada/.ssh/id_ed25519", "Private")]
    [InlineData("/home/ada/.netrc", "Private")]
    [InlineData("/root/.aws/credentials", "Private")]
    [InlineData("/home/ada/.config/gcloud/access_tokens.db", "Private")]
    [InlineData("/home/ada/.ssh/lib/python3.11/site-packages/x.py", "Private")]

    // The user's.
    [InlineData("/home/ada/data/a.csv", "Input")]
    [InlineData("/tmp/a.csv", "Input")]
    [InlineData("/scratch/big.h5", "Input")]
    [InlineData("/home/ada/.matplotlib/matplotlibrc", "Input")]
    [InlineData("/var/tmp/x", "Input")]
    [InlineData("/var/log/syslog", "Input")]
    [InlineData("/usrlocal/x", "Input")]
    [InlineData("/home/ada/fit/fit.py", "Input")]
    [InlineData("/home/ada/fit/etc/shadow", "Input")]
    [InlineData("/home/ada/fit/lib.so", "Input")]

    // Installed by the user.
    [InlineData("/home/ada/.local/lib/python3.11/site-packages/x/__init__.py", "Image")]
    [InlineData("/home/ada/.julia/packages/CSV/x/src/CSV.jl", "Image")]
    [InlineData("/home/ada/R/x86_64-pc-linux-gnu-library/4.2/dplyr/R/dplyr.rdb", "Image")]
    [InlineData("/home/ada/.cargo/bin/rg", "Image")]
    [InlineData("/home/ada/proj/node_modules/x/index.js", "Image")]
    [InlineData("/scratch/env/lib/libblas.so.3", "Image")]
    [InlineData("/scratch/env/share/x.dat", "Image")]
    [InlineData("/home/ada/spack/opt/zlib-1.3-x/include/zlib.h", "Image")]
    [InlineData("/data/Rlib/ggplot2/R/ggplot2.rdb", "Image")]
    [InlineData("/home/ada/lib/libmine.so.2.1", "Image")]
    [InlineData("/home/ada/fit/.venv/lib/python3.11/site-packages/y.py", "Image")]
    [InlineData("/home/ada/fit/.venv/bin/activate", "Image")]

    // Bound from elsewhere: what stands there on the host is another file.
    [InlineData("/usr/share/data/site-packages/x.py", "Input")]
    public void Places(string path, string place) => Assert.Equal(place, $"{Classifier().Classify(path)}");

    [Theory]
    [InlineData("/home/ada/bin/solve", "Image")]
    [InlineData("/scratch/a.out", "Image")]
    [InlineData("/home/ada/fit/a.out", "Input")]
    public void What_is_executed_is_installed_unless_it_is_in_the_working_folder(string path, string place) =>
        Assert.Equal(place, $"{Classifier(path).Classify(path)}");

    [Fact]
    public void Environments_that_a_mount_would_hide_are_told()
    {
        var classifier = Classifier();
        classifier.Classify("/home/ada/fit/.venv/bin/activate");
        classifier.Classify("/home/ada/fit/.venv/lib/x.py");
        classifier.Classify("/scratch/env/lib/libblas.so.3");
        classifier.Classify("/home/ada/fit/fit.py");
        Assert.Equal(["/home/ada/fit/.venv"], classifier.HiddenEnvironments);
    }

    [Fact]
    public void An_environment_that_is_the_working_folder_itself_is_the_users()
    {
        var classifier = new CaptureClassifier([Mount("/scratch/env", "/scratch/env")], new HashSet<string>(), Marks.Contains);
        Assert.Equal(CapturePlace.Input, classifier.Classify("/scratch/env/bin/activate"));
        Assert.Empty(classifier.HiddenEnvironments);
    }

    private static CaptureClassifier Classifier(params string[] executed) => new(
        [Mount("/home/ada/fit", "/home/ada/fit"), Mount("/mnt/data", "/usr/share/data")], executed.ToHashSet(), Marks.Contains);

    private static Mount Mount(string source, string destination) => new()
    {
        Kind = "bind",
        Source = source,
        Destination = destination,
        ReadOnly = false,
        Purpose = "working-folder",
        IsFile = false,
    };
}
