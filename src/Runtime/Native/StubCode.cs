using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>The little machine code that <c>prov</c> carries, assembled from the files in Stubs.</summary>
internal static class StubCode
{
    /// <summary>Where in <see cref="Signal"/> the code begins that returns from a signal.</summary>
    public const int RestorerOffset = 24;

    /// <summary>Where in <see cref="Signal"/> the descriptor of the pipe stands, a 32-bit word.</summary>
    public const int DescriptorOffset = 32;

    /// <summary>Where in <see cref="Steps"/> the code begins that tells the thread pointer.</summary>
    public static int ThreadPointerOffset =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? X64ThreadPointerOffset : Arm64ThreadPointerOffset;

    public const int X64ThreadPointerOffset = 0x88, Arm64ThreadPointerOffset = 0x90;

    public const string StepsX64 =
        "534889fb488b034885c07873488b7b08488b7310488b53184c8b53204c8b43284c8b4b300f05488b4b384885c9740348" +
        "8901483b4340740e483d01f0ffff730c488b5b50ebbe488b5b48ebb8488b4b584885c974054889cbebaaf7d889436448" +
        "8b7b68488d7360ba08000000b8010000000f05bf7d000000b8e70000000f055bc30f1f800000000064488b0425000000" +
        "00c3";

    public const string StepsArm64 =
        "f30f1ff8f30300aa680240f9e803f8b7608640a9628e41a9649642a9010000d4691e40f9490000b4200100f96a2e44a9" +
        "1f000aeba00000541ffc3fb1a2000054732a40f9f1ffff17f3030baaefffff17692e40f9690000b4f30309aaebffff17" +
        "e003004b606600b9603640f961820191020180d2080880d2010000d4a00f80d2c80b80d2010000d4f30741f8c0035fd6" +
        "40d03bd5c0035fd6";

    public const string SignalX64 =
        "8b3d1a000000ba80000000b8010000000f05c30f1f440000b80f0000000f0590ffffffff";

    public const string SignalArm64 =
        "00010018021080d2080880d2010000d4c0035fd61f2003d5681180d2010000d4ffffffff";

    /// <summary>The interpreter of a <see cref="SyscallProgram"/>, for this architecture.</summary>
    public static byte[] Steps => Pick(StepsX64, StepsArm64);

    /// <summary>The signal handler of the sandbox, for this architecture.</summary>
    public static byte[] Signal => Pick(SignalX64, SignalArm64);

    private static byte[] Pick(string x64, string arm64) => Convert.FromHexString(
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => x64,
            Architecture.Arm64 => arm64,
            var other => throw new PlatformNotSupportedException(
                $"architecture '{other}': expected x86-64 or arm64"),
        });
}
