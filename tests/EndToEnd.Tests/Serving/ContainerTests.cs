namespace Provenance.EndToEnd.Tests.Serving;

/// <summary>
/// The container recipe, built and run by podman, rootless where there is an ordinary user to do it. The base is made here by mmdebstrap and the network is
/// this machine's, so that nothing is fetched and no slirp4netns is needed; that a port can be published is podman's affair.
/// </summary>
public sealed class ContainerTests
{
    private const string Podman = "/usr/bin/podman";

    [Fact]
    public void A_server_in_its_container_takes_a_run_in_and_shows_it_and_its_volume_outlives_it()
    {
        Assert.SkipUnless(File.Exists(Podman), "podman is not installed");
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        string program = NativeProgram.Find();
        string tar = DebianImage.FindServing();
        var account = Account.All.Last();
        using var place = new Workplace(account);
        using var client = new ServerClient();
        string context = Path.Combine(place.Folder, "context");
        Directory.CreateDirectory(Path.Combine(context, "out"));
        File.Copy(program, Path.Combine(context, "out", "prov"));
        File.Copy(Path.Combine(ProvBinary.Root, "packaging", "Containerfile"), Path.Combine(context, "Containerfile"));
        string runtime = Path.Combine(place.Folder, "run");
        Directory.CreateDirectory(runtime, (UnixFileMode)0x1C0);
        File.Copy(tar, Path.Combine(place.Folder, "base.tar"));
        place.Variables["XDG_RUNTIME_DIR"] = runtime;
        // crun does not start where cgroups are hybrid.
        string oci = File.Exists("/usr/sbin/runc") || File.Exists("/usr/bin/runc") ? " --runtime runc" : "";
        place.Variables["PODMAN"] = $"podman --root {place.Folder}/store --runroot {place.Folder}/runroot --tmpdir {place.Folder}/libpod"
            + $" --storage-driver vfs --cgroup-manager cgroupfs{oci}";
        place.GiveAway();
        var info = place.Shell("$PODMAN info --format '{{.Host.Security.Rootless}}'");
        Assert.SkipUnless(info.Status == 0, $"podman does not work here as {account}: {info}");
        try
        {
            Succeed(place, "$PODMAN import -q base.tar localhost/base");
            Succeed(place, "$PODMAN build -q --layers=false --isolation=chroot --network=host --build-arg BASE=localhost/base -t prov context");
            Assert.Equal("10001:10001", Succeed(place, "$PODMAN image inspect prov --format '{{.User}}'"));

            // As it is started without any argument: where it listens is asked in it, for it has no network.
            Succeed(place, "$PODMAN run -d --name plain --network=none --read-only prov");
            string ask = "$PODMAN exec plain perl -MIO::Socket::INET -e '"
                + "my $s = IO::Socket::INET->new(\"127.0.0.1:8080\") or exit 1; print $s \"GET /healthz HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n\"; print <$s>'";
            Assert.Contains("200 OK", WaitFor(place, ask), StringComparison.Ordinal);
            Assert.Equal("10001", Succeed(place, "$PODMAN exec plain id -u"));
            AssertStops(place, "plain");

            Start(place, client);
            string run = client.Push(place, Succeed(place, "$PODMAN exec server prov token create ada"));
            client.AssertShows(run);
            AssertStops(place, "server");

            // Another container with the same volume has it still.
            Succeed(place, "$PODMAN rm server");
            Start(place, client);
            client.AssertShows(run);
            AssertStops(place, "server");
        }
        finally
        {
            // What belongs to users of the container's namespace is removed from within it.
            place.Shell($"$PODMAN rm -f -a -t 5; $PODMAN unshare rm -rf {place.Folder}/store {place.Folder}/runroot");
        }
    }

    private static void Start(Workplace place, ServerClient client)
    {
        Succeed(place, $"$PODMAN run -d --name server --network=host --read-only -v prov-archive:/archive prov serve --listen 127.0.0.1:{client.Port} --write");
        Assert.True(client.WaitUntilHealthy(), place.Shell("$PODMAN logs server").ToString());
    }

    /// <summary>By SIGTERM, not by SIGKILL after the time is up (137).</summary>
    private static void AssertStops(Workplace place, string name)
    {
        Succeed(place, $"$PODMAN stop -t 35 {name}");
        Assert.Equal("0 false", Succeed(place, $"$PODMAN inspect {name} --format '{{{{.State.ExitCode}}}} {{{{.State.OOMKilled}}}}'"));
    }

    private static string WaitFor(Workplace place, string line)
    {
        CommandResult result;
        int left = 100;
        while ((result = place.Shell(line)).Status != 0 && left-- > 0)
            Thread.Sleep(200);
        Assert.True(result.Status == 0, $"{line}\n{result}");
        return result.Output;
    }

    private static string Succeed(Workplace place, string line)
    {
        var result = place.Shell(line);
        Assert.True(result.Status == 0, $"{line}\n{result}");
        return result.Output.Trim();
    }
}
