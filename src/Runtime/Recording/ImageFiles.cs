using System.Globalization;
using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Reads small files of an unpacked image. Its links are followed inside the image only.</summary>
internal static class ImageFiles
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Where on the host a path of the image is. No link is left on the way, so that whoever goes there stays in the image.</summary>
    /// <param name="rootfs">Absolute path on the host.</param>
    /// <param name="path">Absolute path in the image.</param>
    /// <exception cref="RecordingException">The image has no such path.</exception>
    public static string Locate(string rootfs, string path)
    {
        using var root = Files.OpenFolder(rootfs);
        var error = Files.TryOpenInRoot(root, path, Files.O_PATH, 0, out var found);
        using (found)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{found.DangerousGetHandle()}");
            return error == Errno.None
                ? File.ResolveLinkTarget(name, returnFinalTarget: false)!.FullName
                : throw new RecordingException($"mount '{path}': the image has nothing there that can be shown ({error})");
        }
    }

    /// <summary>Empty when the image has no such file, or one that is not for reading.</summary>
    /// <param name="rootfs">Absolute path on the host.</param>
    /// <param name="path">Absolute path in the image.</param>
    public static string ReadText(string rootfs, string path)
    {
        using var root = Files.OpenFolder(rootfs);
        var error = Files.TryOpenInRoot(root, path, Files.O_RDONLY | Files.O_NONBLOCK, 0, out var file);
        using (file)
        {
            if (error != Errno.None || !Files.Status(file).IsFile)
            {
                return "";
            }

            byte[] buffer = new byte[Math.Min(Files.Status(file).Size, MaxBytes)];
            int length = 0;
            int read;
            while (length < buffer.Length && (read = Files.Read(file, buffer.AsSpan(length), length, path)) > 0)
            {
                length += read;
            }

            return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
