namespace Provenance.EndToEnd.Tests;

/// <summary>A node that has no OpenSSL: the program that has it linked in does all there, the other says what is missing.</summary>
/// <remarks><c>make publish-static</c> makes the program; PROV_STATIC_BINARY names one elsewhere.</remarks>
public sealed class NodeTests
{
    private const string Missing = "prov: error: OpenSSL is missing on this machine: neither libssl.so.3 nor libssl.so.1.1 can be loaded";

    /// <summary>What a person does there, with a second signature that a quantum computer does not forge. The recorder signs, logs and catalogues behind its job.</summary>
    private const string Work = """
        set -e
        prov key init --name Ada
        prov key init --second
        prov image import -q /box.tar --name box
        prov run --record box -- sh -c 'echo 42 > result.txt'
        run=$(prov log -n 1 -q)
        for i in $(seq 100); do test -z "$(ls $PROV_ARCHIVE/incoming)" && break; sleep 0.1; done
        printf '[require]\nlog = true\npost_quantum = true\n' > pq.toml
        prov verify --policy pq.toml $run
        prov replay $run
        prov export $run -o run.prov.tar
        PROV_ARCHIVE=/other prov import run.prov.tar
        prov archive fsck
        echo all is done
        """;

    private static string? StaticProgram => Environment.GetEnvironmentVariable("PROV_STATIC_BINARY") is { Length: > 0 } given
        ? given
        : Path.Combine(ProvBinary.Root, "out", "static", "prov");

    [Fact]
    public void The_program_with_openssl_in_it_records_verifies_and_signs_for_the_time_after()
    {
        Assert.SkipUnless(File.Exists(StaticProgram), $"'{StaticProgram}' is not built (make publish-static)");
        var result = OnNode(StaticProgram, Work);

        Assert.True(result.Status == 0, result.ToString());
        Assert.Matches(@"(?m)^  endorsed +ok +by Ada \(ML-DSA-65 with SHA-512", result.Output);
        Assert.EndsWith("all is done\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_one_without_says_what_is_missing()
    {
        Assert.SkipWhen(ProvBinary.Command.Count > 1, "no native program is built (make publish)");
        var result = OnNode(ProvBinary.Command[0], "prov --version && prov key init --name Ada");

        Assert.Equal(125, result.Status);
        Assert.StartsWith("prov ", result.Output, StringComparison.Ordinal);
        Assert.StartsWith(Missing, result.Error, StringComparison.Ordinal);
    }

    /// <summary>The node: the program, what it is linked to, busybox and an image to run; no libssl anywhere.</summary>
    private static CommandResult OnNode(string program, string work)
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "takes root, to change the root");
        using var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        File.WriteAllText(Path.Combine(place.Folder, "work.sh"), work);
        var made = place.Shell($"""
            set -e
            mkdir -p node/work node/old node/root && tar -C node -xf box.tar && cp box.tar node/ && cp work.sh node/
            cp '{program}' node/bin/prov
            for library in $(ldd '{program}' | grep -o '/[^ ]*'); do mkdir -p node$(dirname $library) && cp -L $library node$library; done
            test -z "$(find node -name 'libssl*')"
            """);
        Assert.True(made.Status == 0, made.ToString());
        // A root of its own and not only another root folder: in one that chroot(2) has made no user namespace can be made (user_namespaces(7)).
        return place.Shell("""
            unshare --mount --pid --fork sh -ec '
              mount --make-rprivate / && mount --bind node node && cd node
              mount -t proc proc proc && mount --rbind /dev dev && mount --rbind /sys sys
              pivot_root . old
              /bin/busybox umount -l /old
              exec env -i PATH=/bin HOME=/root PROV_ARCHIVE=/archive NO_COLOR=1 /bin/sh -c "cd /work && . /work.sh"'
            """);
    }
}
