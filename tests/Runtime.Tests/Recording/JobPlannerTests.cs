using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What is decided for a job that says little.</summary>
public sealed class JobPlannerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JobPlannerTests()
    {
        Directory.CreateDirectory(_folder.At("rootfs"));
        Directory.CreateDirectory(Work);
    }

    private string Work => _folder.At("work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_callers_folder_is_mounted_at_its_own_path_and_the_job_is_there()
    {
        var plan = Plan(Request());
        Assert.Equal(Work, plan.Spec.WorkingDirectory);
        Assert.Equal([new BindMount(Work, Work)], plan.Spec.Binds);
        Assert.Equal("working-folder", Assert.Single(plan.Mounts).Purpose);
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void The_job_has_the_hosts_network_a_read_only_root_and_nothing_of_the_callers_environment()
    {
        var plan = Plan(Request());
        Assert.Equal(ContainerNetwork.Host, plan.Spec.Network);
        Assert.Null(plan.Spec.Writable);
        Assert.Equal([$"HOME={plan.Spec.User.Home}", "PATH=/bin", "container=prov"], plan.Spec.Environment.Select(entry => $"{entry}"));
    }

    /// <summary>-w, the caller's folder, the image's WORKDIR, and where the job is then.</summary>
    [Theory]
    [InlineData(null, "work", "/image", "work")]
    [InlineData("/elsewhere", "work", "/image", "/elsewhere")]
    [InlineData("/a/../b/", "work", "", "/b")]
    [InlineData(null, "/", "/image", "/image")]
    [InlineData(null, "/", "", "/")]
    [InlineData(null, "/usr", "/image", "/image")]
    [InlineData(null, "/proc/self", "", "/")]
    public void Working_folders(string? wanted, string current, string image, string expected)
    {
        var plan = Plan(Request() with { WorkingDirectory = wanted, Image = Image(image) }, current == "work" ? Work : current);
        Assert.Equal(expected == "work" ? Work : expected, plan.Spec.WorkingDirectory);
    }

    [Theory]
    [InlineData("/", "it would hide the image's own files")]
    [InlineData("/usr/lib", "it would hide the image's own files")]
    [InlineData("/dev/shm", "it belongs to the kernel")]
    public void A_folder_that_must_not_be_shown_is_not_and_that_is_said(string current, string reason)
    {
        var plan = Plan(Request(), current);
        Assert.Empty(plan.Mounts);
        Assert.Equal([$"the working folder '{current}' is not in the container: {reason}"], plan.Notes);
    }

    [Fact]
    public void A_bind_that_shows_the_callers_folder_already_is_enough()
    {
        Directory.CreateDirectory(_folder.At("work/sub"));
        var plan = Plan(Request() with { Binds = [new BindMount(Work, Work, ReadOnly: true)] }, _folder.At("work/sub"));
        Assert.Equal("bind", Assert.Single(plan.Mounts).Purpose);
        Assert.Equal(_folder.At("work/sub"), plan.Spec.WorkingDirectory);
    }

    [Fact]
    public void A_bind_over_the_callers_folder_goes_before_it()
    {
        Directory.CreateDirectory(_folder.At("other"));
        var plan = Plan(Request() with { Binds = [new BindMount(_folder.At("other"), Work)], Image = Image("/image") });
        Assert.Equal(_folder.At("other"), Assert.Single(plan.Mounts).Source);
        Assert.Equal("/image", plan.Spec.WorkingDirectory);
    }

    [Fact]
    public void Read_only_is_for_every_folder_of_the_host()
    {
        Directory.CreateDirectory(_folder.At("home"));
        var plan = Plan(Request() with
        {
            ReadOnly = true,
            Binds = [new BindMount(_folder.Write("file", ""), "/file")],
            HomeFolder = _folder.At("home"),
            Tmpfs = [new TmpfsMount("/scratch")],
        });
        Assert.Equal(
            ["bind file ro", "home folder ro", "scratch folder rw", "working-folder folder ro"],
            plan.Mounts.Select(mount => $"{mount.Purpose} {(mount.IsFile ? "file" : "folder")} {(mount.ReadOnly ? "ro" : "rw")}")
                .Order(StringComparer.Ordinal));
        Assert.All(plan.Spec.Binds, bind => Assert.True(bind.ReadOnly));
    }

    [Fact]
    public void Mounts_stand_in_order_of_their_destinations()
    {
        var plan = Plan(Request() with { Binds = [new BindMount(Work, "/z"), new BindMount(Work, "/a"), new BindMount(Work, "/a/b")] });
        Assert.Equal(plan.Mounts.Select(mount => mount.Destination).Order(StringComparer.Ordinal), plan.Mounts.Select(mount => mount.Destination));
    }

    [Theory]
    [InlineData("work", "/", "bind '/': it would hide the image's own files")]
    [InlineData("work", "/proc", "bind '/proc': it belongs to the kernel")]
    [InlineData("work", "relative", "bind 'relative': the path in the container is not absolute")]
    [InlineData("gone", "/data", "bind '{0}': no such file or folder on this host")]
    public void Binds_that_cannot_be(string source, string destination, string expected) => Assert.Equal(
        string.Format(expected, _folder.At(source)),
        Assert.Throws<BindException>(() => Plan(Request() with { Binds = [new BindMount(_folder.At(source), destination)] })).Message);

    [Theory]
    [InlineData("work>/data other>/data", "'work' and 'other'")]
    [InlineData("work>/data work>/data/", "'work' and 'work'")]
    [InlineData("work>/link/data other>/place/data", "'work' and 'other'")]
    [InlineData("work>/scratch", "'work' and a tmpfs")]
    public void Two_mounts_at_one_place_are_refused(string binds, string which)
    {
        MakeLink("rootfs/link", "/place");
        Directory.CreateDirectory(_folder.At("other"));
        BindMount[] read = [.. binds.Split(' ').Select(bind => bind.Split('>')).Select(parts => new BindMount(_folder.At(parts[0]), parts[1]))];
        var refusal = Assert.Throws<BindException>(() => Plan(Request() with { Binds = read, Tmpfs = [new TmpfsMount("/scratch")] }));
        string expected = which.Replace("'work'", $"'{Work}'", StringComparison.Ordinal)
            .Replace("'other'", $"'{_folder.At("other")}'", StringComparison.Ordinal);
        Assert.EndsWith($"': two mounts have this destination: {expected}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_home_that_is_bound_as_well_is_one_mount(bool readOnly)
    {
        string home = Directory.CreateDirectory(_folder.At("home")).FullName;
        var plan = Plan(Request() with { Binds = [new BindMount(home, home, readOnly)], HomeFolder = home });
        Assert.Equal([("home", readOnly), ("working-folder", false)], plan.Mounts.Select(mount => (mount.Purpose, mount.ReadOnly)));
        Assert.Equal(2, plan.Spec.Binds.Count);
    }

    [Fact]
    public void The_working_folder_gives_way_to_what_is_asked_for_there()
    {
        var plan = Plan(Request() with { Tmpfs = [new TmpfsMount(Work)], Image = Image("/image") });
        Assert.Equal("scratch", Assert.Single(plan.Mounts).Purpose);
        Assert.Equal("/image", plan.Spec.WorkingDirectory);
    }

    [Fact]
    public void A_destination_is_where_the_links_of_the_image_lead()
    {
        Directory.CreateDirectory(_folder.At("rootfs/usr/bin"));
        Directory.CreateDirectory(_folder.At("rootfs/tmp"));
        MakeLink("rootfs/bin", "usr/bin");
        MakeLink("rootfs/far", "/../../../var/far");
        // What is in an image's /tmp is covered in the container.
        MakeLink("rootfs/tmp/link", "/etc");
        string file = _folder.Write("file", "");
        var plan = Plan(Request() with
        {
            Binds = [new BindMount(file, "/bin/tool"), new BindMount(Work, "/far/data"), new BindMount(Work, "/tmp/link/x")],
            WorkingDirectory = "/far/data/sub",
        });
        Assert.Equal(["/tmp/link/x", "/usr/bin/tool", "/var/far/data"], Destinations(plan));
        Assert.Equal(plan.Mounts.Where(JobPlanner.IsBind).Select(mount => mount.Destination), plan.Spec.Binds.Select(bind => bind.Destination));
        Assert.Equal("/var/far/data/sub", plan.Spec.WorkingDirectory);
    }

    [Fact]
    public void A_destination_in_a_mount_is_where_the_links_of_that_mount_lead()
    {
        Directory.CreateDirectory(_folder.At("work/real"));
        MakeLink("work/link", "real");
        var plan = Plan(Request() with { Binds = [new BindMount(Work, "/data/link"), new BindMount(Work, "/data")] });
        Assert.Equal(["/data", "/data/real"], Destinations(plan));
    }

    /// <summary>As Fedora's for ostree, whose /home is a link.</summary>
    [Fact]
    public void The_callers_folder_below_a_link_of_the_image_is_still_the_jobs()
    {
        string top = "/" + Work.Split('/')[1];
        MakeLink($"rootfs{top}", "/var/place");
        var plan = Plan(Request());
        string expected = "/var/place" + Work[top.Length..];
        Assert.Equal([expected], Destinations(plan));
        Assert.Equal(expected, plan.Spec.WorkingDirectory);
    }

    [Fact]
    public void An_image_without_a_record_can_be_run_but_not_recorded()
    {
        Assert.NotNull(Plan(Request()).Image);
        Assert.Null(Plan(Request() with { Image = Image("") with { Record = null } }).Image);
    }

    private static IEnumerable<string> Destinations(JobPlan plan) =>
        plan.Mounts.Where(mount => mount.Purpose != "working-folder" || plan.Mounts.Count == 1).Select(mount => mount.Destination);

    private void MakeLink(string name, string target) => File.CreateSymbolicLink(_folder.At(name), target);

    private JobPlan Plan(JobRequest request, string? current = null) => JobPlanner.Plan(request, new JobSurroundings
    {
        Caller = new Caller { Uid = 1234, Gid = 5678, Name = "me", GroupName = "us" },
        CurrentFolder = current ?? Work,
    });

    private JobRequest Request() => new()
    {
        Reference = "box",
        Image = Image(""),
        Rootfs = _folder.At("rootfs"),
        Arguments = ["true"],
    };

    private static StoredImage Image(string workingFolder)
    {
        var blob = new Descriptor { MediaType = MediaTypes.OctetStream, Digest = Digest.Of("image"u8), Size = 5 };
        var platform = new Platform { Os = "linux", Architecture = "amd64" };
        return new StoredImage
        {
            Manifest = blob,
            ConfigBlob = blob,
            Tree = blob.Digest,
            Record = blob.Digest,
            Platform = platform,
            Layers = [],
            Config = new ImageConfig { Os = "linux", Architecture = "amd64", Env = ["PATH=/bin"], WorkingDir = workingFolder },
        };
    }
}
