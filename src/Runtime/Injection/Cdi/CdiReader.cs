using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Provenance.Runtime.Injection.Cdi;

/// <summary>Reads one specification, JSON or YAML, and checks what SPEC.md says must hold.</summary>
internal static partial class CdiReader
{
    internal const int MaxDepth = 32;

    /// <summary>A larger file is refused, in bytes. One for eight GPUs has 40 KB.</summary>
    private const int MostBytes = 4 << 20;

    // SPEC.md, "Released versions".
    private static readonly string[] Versions = ["0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "1.0.0", "1.1.0"];

    /// <exception cref="CdiException">It is broken, or of a version that is not known.</exception>
    public static CdiSpec Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes)
            {
                throw new CdiException(path, $"has {file.Length} bytes, at most {MostBytes} are read");
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return Parse(bytes, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CdiException(path, "cannot be read", e);
        }
    }

    /// <param name="content">All of the file.</param>
    /// <param name="path">Its name says which of the two it is.</param>
    /// <exception cref="CdiException">It is broken, or of a version that is not known.</exception>
    public static CdiSpec Parse(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            var spec = path.EndsWith(".json", StringComparison.Ordinal)
                ? JsonSerializer.Deserialize(content, CdiJsonContext.Default.CdiSpec)
                : YamlTree.Read(Encoding.UTF8.GetString(content), MaxDepth).Deserialize(CdiJsonContext.Default.CdiSpec);
            Check(spec ?? throw new FormatException("is empty"));
            return spec;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new CdiException(path, e.Message.ReplaceLineEndings(" ").TrimEnd('.'), e);
        }
    }

    private static void Check(CdiSpec spec)
    {
        Require(Versions.Contains(spec.CdiVersion), $"cdiVersion '{spec.CdiVersion}' is none of {string.Join(", ", Versions)}");
        Require(KindPattern().IsMatch(spec.Kind), $"kind '{spec.Kind}' is not VENDOR/CLASS");
        Require(spec.Devices.Count > 0, "has no devices");
        Require(spec.Devices.All(device => device is not null), "'devices' has an empty item");
        Require(spec.Devices.DistinctBy(device => device.Name).Count() == spec.Devices.Count, "has two devices of one name");
        foreach (var device in spec.Devices)
        {
            Require(NamePattern().IsMatch(device.Name), $"device name '{device.Name}' is not letters, digits, '_', '-', '.' and ':'");
            Check(device.ContainerEdits);
        }

        Check(spec.ContainerEdits);
    }

    private static void Check(CdiEdits? edits)
    {
        IEnumerable<object?>[] lists = [edits?.Env ?? [], edits?.DeviceNodes ?? [], edits?.Mounts ?? [], edits?.Hooks ?? []];
        Require(lists.All(list => list.All(item => item is not null)), "a list of its edits has an empty item");
        foreach (string variable in edits?.Env ?? [])
        {
            Require(variable.IndexOf('=', StringComparison.Ordinal) > 0, $"env '{variable}' is not NAME=value");
        }

        foreach (var node in edits?.DeviceNodes ?? [])
        {
            RequireAbsolute(node.Path, node.HostPath ?? node.Path);
        }

        foreach (var mount in edits?.Mounts ?? [])
        {
            RequireAbsolute(mount.ContainerPath, mount.HostPath);
        }

        foreach (var hook in edits?.Hooks ?? [])
        {
            RequireAbsolute(hook.Path);
        }
    }

    private static void RequireAbsolute(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            Require(path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal), $"path '{path}' is not absolute");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?/[A-Za-z](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex KindPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9_.:-]{0,251}[A-Za-z0-9])?\z")]
    private static partial Regex NamePattern();
}
