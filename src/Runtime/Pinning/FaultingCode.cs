using System.Globalization;
using Iced.Intel;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Host;

namespace Provenance.Runtime.Pinning;

/// <summary>Says what the bytes are at which a processor refused to go on.</summary>
internal static class FaultingCode
{
    /// <summary>The longest instruction of x86 (Intel SDM volume 2, 2.3.11), in bytes.</summary>
    public const int LongestInstruction = 15;

    /// <param name="program">By its path in the container, or empty.</param>
    /// <param name="address">In memory.</param>
    /// <param name="bytes">From there on; empty where they could not be read.</param>
    /// <param name="file">Where they were loaded from, and the function there; null for generated code.</param>
    public static IllegalInstruction Describe(string program, ulong address, byte[] bytes, FaultingPlace? file)
    {
        var decoder = Decoder.Create(64, bytes);
        decoder.IP = address;
        var instruction = decoder.Decode();
        var needed = instruction.IsInvalid ? [] : InstructionFeatures.Of(instruction);
        return new IllegalInstruction
        {
            Program = program,
            Address = Hex(address),
            File = file?.Path,
            FileOffset = file is null ? null : Hex(file.Offset),
            Function = file?.Function,
            Bytes = Convert.ToHexStringLower(bytes.AsSpan(0, instruction.IsInvalid ? bytes.Length : instruction.Length)),
            Instruction = instruction.IsInvalid ? null : Text(instruction),
            Needed = needed,
            Missing = needed.Count == 0 ? [] : [.. needed.Except(HostProbe.Read().Cpu.Features)],
        };
    }

    /// <summary>The function that a place in a file belongs to; null when none is known.</summary>
    public static string? FunctionAt(ElfCode code, ulong offset) =>
        code.AddressOf(offset) is not { } address || code.FindFunction(address) is not { } function ? null
            : function.Name is { Length: > 0 } name ? name : $"function at {Hex(function.Start)}";

    private static string Text(in Instruction instruction)
    {
        var output = new StringOutput();
        new IntelFormatter(new FormatterOptions { SpaceAfterOperandSeparator = true, HexPrefix = "0x", HexSuffix = "", UppercaseHex = false })
            .Format(instruction, output);
        return output.ToStringAndReset();
    }

    private static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);
}
