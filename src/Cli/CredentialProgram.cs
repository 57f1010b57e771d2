using System.ComponentModel;
using System.Diagnostics;
using Provenance.Archive.Distribution;

namespace Provenance.Cli;

/// <summary>Asks a program that keeps credentials for docker and podman: <c>docker-credential-NAME get</c>, with the server on its standard input.</summary>
/// <remarks>Source: docker-credential-helpers, README.md.</remarks>
internal static class CredentialProgram
{
    private const int MaxOutputBytes = 1 << 16;
    private const string NoCredentials = "credentials not found";

    /// <summary>Some ask the user to unlock a key ring.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc cref="CredentialHelper"/>
    public static byte[]? Ask(string helper, string server)
    {
        string subject = $"program 'docker-credential-{helper}'";
        var start = new ProcessStartInfo($"docker-credential-{helper}", ["get"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            using var program = Process.Start(start)!;
            using var limit = new CancellationTokenSource(Patience);
            using var stop = limit.Token.Register(() => Kill(program));
            program.StandardInput.Write(server);
            program.StandardInput.Close();
            byte[] output = new byte[MaxOutputBytes];
            int length = program.StandardOutput.BaseStream.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
            if (length == MaxOutputBytes)
            {
                Kill(program);
                throw new RegistryException(subject, $"prints more than {MaxOutputBytes} bytes");
            }

            program.WaitForExit();
            if (limit.IsCancellationRequested)
            {
                throw new RegistryException(subject, $"did not end within {Patience.TotalSeconds:0} s");
            }

            return program.ExitCode == 0 ? output[..length] : Nothing(output.AsSpan(0, length), program.ExitCode, subject);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new RegistryException(subject, $"cannot be asked: {e.Message.TrimEnd('.')}", cause: e);
        }
    }

    /// <summary>That it keeps none is said by status 1 and a sentence on standard output.</summary>
    private static byte[]? Nothing(ReadOnlySpan<byte> output, int status, string subject) =>
        System.Text.Encoding.UTF8.GetString(output).Contains(NoCredentials, StringComparison.OrdinalIgnoreCase)
            ? null
            : throw new RegistryException(subject, $"ends with status {status}");

    private static void Kill(Process program)
    {
        try
        {
            program.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
