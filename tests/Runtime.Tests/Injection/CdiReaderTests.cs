using System.Text;
using CsCheck;
using Provenance.Runtime.Injection.Cdi;
using Xunit;

namespace Provenance.Runtime.Tests.Injection;

/// <summary>Specifications of devices, in the form that nvidia-ctk writes, and broken ones.</summary>
public sealed class CdiReaderTests
{
    private const string Devices = "devices: [ { name: a, containerEdits: {} } ]";

    [Fact]
    public void A_specification_of_nvidia_ctk_is_read()
    {
        var spec = CdiReader.Parse(File.ReadAllBytes(NvidiaHost.Fixture), "nvidia.yaml");

        Assert.Equal(("nvidia.com/gpu", "0.5.0"), (spec.Kind, spec.CdiVersion));
        Assert.Equal(["0", "all"], spec.Devices.Select(device => device.Name));
        Assert.Equal(["NVIDIA_VISIBLE_DEVICES=void"], spec.ContainerEdits!.Env);
        Assert.Equal(3, spec.ContainerEdits.Mounts!.Count);
        Assert.Equal(["create-symlinks", "enable-cuda-compat", "update-ldcache"], spec.ContainerEdits.Hooks!.Select(hook => CdiHookAction.Of(hook).Command));
    }

    [Fact]
    public void Yaml_and_json_say_the_same()
    {
        const string Json = """
            {"cdiVersion":"0.6.0","kind":"a.b/c","annotations":{"x":"1"},"devices":[{"name":"d","containerEdits":{"env":["A=b"],
             "deviceNodes":[{"path":"/dev/x","major":5,"minor":-1,"type":"c"}],"hooks":[{"hookName":"createContainer","path":"/x","timeout":3}]}}]}
            """;
        const string Yaml = """
            cdiVersion: 0.6.0
            kind: a.b/c
            annotations: {x: "1"}
            devices:
              - name: d
                containerEdits:
                  env: [A=b]   # a comment
                  deviceNodes:
                    - {path: /dev/x, major: 5, minor: -1, type: c}
                  hooks:
                    - hookName: createContainer
                      path: /x
                      timeout: 3
            """;

        Assert.Equal(Describe(CdiReader.Parse(Encoding.UTF8.GetBytes(Json), "a.json")), Describe(CdiReader.Parse(Encoding.UTF8.GetBytes(Yaml), "a.yaml")));
    }

    [Theory]
    [InlineData("cdiVersion: 9.0.0\nkind: a.b/c\n" + Devices, "cdiVersion '9.0.0' is none of")]
    [InlineData("cdiVersion: 0.6.0\nkind: c\n" + Devices, "kind 'c' is not VENDOR/CLASS")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\ndevices: []", "has no devices")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c", "devices")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\nunknown: 1\n" + Devices, "unknown")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\nkind: a.b/c\n" + Devices, "twice")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\n" + Devices + "\n---\n{}", "more than one document")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\nannotations: &x {}\n" + Devices, "an anchor")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\nannotations: *x\n" + Devices, "alias")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\nannotations: !!python/object {}\n" + Devices, "a tag")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\ndevices: [ { name: ../a, containerEdits: {} } ]", "device name")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\ndevices: [ { name: a, containerEdits: { mounts: [ { hostPath: x, containerPath: /y } ] } } ]", "not absolute")]
    [InlineData("cdiVersion: 0.6.0\nkind: a.b/c\ndevices: [ { name: a, containerEdits: { env: [ x ] } } ]", "NAME=value")]
    [InlineData("{", "line ")]
    [InlineData("", "")]
    public void A_broken_one_is_refused_with_the_reason(string yaml, string reason)
    {
        var refused = Assert.Throws<CdiException>(() => CdiReader.Parse(Encoding.UTF8.GetBytes(yaml), "/etc/cdi/x.yaml"));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("cdi '/etc/cdi/x.yaml': ", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Found by minutes of the changes below.</summary>
    [Theory]
    [InlineData("containerEdits: {env: [~]}")]
    [InlineData("containerEdits: {deviceNodes: [~]}")]
    [InlineData("containerEdits: {mounts: [~]}")]
    [InlineData("containerEdits: {hooks: [~]}")]
    public void A_list_has_no_empty_items(string edits)
    {
        string yaml = $"cdiVersion: 0.6.0\nkind: a.com/gpu\ndevices:\n- name: all\n  {edits}\n";

        var refused = Assert.Throws<CdiException>(() => CdiReader.Parse(Encoding.UTF8.GetBytes(yaml), "x.yaml"));

        Assert.Contains("has an empty item", refused.Message, StringComparison.Ordinal);
        Assert.Throws<CdiException>(() => CdiReader.Parse("cdiVersion: 0.6.0\nkind: a.com/gpu\ndevices:\n- ~\n"u8, "x.yaml"));
    }

    [Fact]
    public void Nesting_has_an_end() =>
        Assert.Throws<CdiException>(() => CdiReader.Parse(Encoding.UTF8.GetBytes("a: " + new string('[', 100_000)), "x.yaml"));

    [Fact]
    public void Whatever_stands_in_a_file_it_is_read_or_refused()
    {
        byte[] good = File.ReadAllBytes(NvidiaHost.Fixture);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 10].Sample(
            changes =>
            {
                byte[] broken = [.. good];
                foreach (var (at, value) in changes)
                    broken[at] = value;
                try
                {
                    _ = CdiReader.Parse(broken, "x.yaml");
                }
                catch (CdiException)
                {
                    // As it should.
                }
            },
            iter: 500);
    }

    [Theory]
    [InlineData("createContainer", "/usr/bin/nvidia-ctk", "nvidia-ctk hook create-symlinks --link a::/b", "create-symlinks")]
    [InlineData("createContainer", "/usr/bin/nvidia-cdi-hook", "nvidia-cdi-hook update-ldcache --folder=/usr/lib64", "update-ldcache")]
    [InlineData("createContainer", "/usr/bin/nvidia-cdi-hook", "nvidia-cdi-hook create-symlinks --link b", null)]
    [InlineData("createContainer", "/usr/bin/nvidia-cdi-hook", "nvidia-cdi-hook rewrite-everything", null)]
    [InlineData("poststop", "/usr/bin/nvidia-cdi-hook", "nvidia-cdi-hook chmod --mode 755", null)]
    [InlineData("createContainer", "/usr/bin/anything", "anything create-symlinks --link a::/b", null)]
    public void Hooks_are_known_or_not(string name, string path, string arguments, string? command) =>
        Assert.Equal(command, CdiHookAction.Of(new CdiHook { HookName = name, Path = path, Args = arguments.Split(' ') }).Command);

    private static string Describe(CdiSpec spec)
    {
        var edits = spec.Devices[0].ContainerEdits!;
        var (node, hook) = (edits.DeviceNodes![0], edits.Hooks![0]);
        return $"{spec.CdiVersion} {spec.Kind} {spec.Annotations!["x"]} {spec.Devices[0].Name} {edits.Env![0]} {node} {hook.HookName} {hook.Path} {hook.Timeout}";
    }
}
