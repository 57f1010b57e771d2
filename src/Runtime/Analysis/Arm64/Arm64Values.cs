namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>What the general registers are known to hold on the way down a function: addresses and small numbers.</summary>
/// <remarks>
/// Code on arm64 makes an address of two instructions: ADRP gives the page, ADD, LDR or STR the rest, often far apart. Followed in order of
/// address, paths aside. Sources: DDI 0487, C4.1.92 to C4.1.96; Procedure Call Standard for the Arm 64-bit Architecture (registers
/// that a call may change).
/// </remarks>
internal sealed class Arm64Values(CodeObject code)
{
    private const int Zero = 31;

    /// <summary>X0 to X18 and the link register are lost at a call.</summary>
    private const uint LostAtCall = 0x4007ffff;

    private readonly ulong[] _values = new ulong[32];
    private uint _addresses;
    private uint _numbers;

    /// <summary>Memory that the last instruction reads or writes; 0 where that is not known.</summary>
    internal ulong Memory { get; private set; }

    internal bool IsWrite { get; private set; }

    /// <summary>An address that the last instruction has put together, or taken from the table of addresses; 0 for none.</summary>
    internal ulong Pointer { get; private set; }

    /// <summary>The number in a register; null for what is not known to be one.</summary>
    internal ulong? NumberIn(int register) => (_numbers >> register & 1) != 0 ? _values[register] : null;

    internal void Clear() => (_addresses, _numbers, Memory, Pointer) = (0, 0, 0, 0);

    internal void Call()
    {
        _addresses &= ~LostAtCall;
        _numbers &= ~LostAtCall;
    }

    /// <param name="word">No branch.</param>
    /// <param name="address">Where it stands.</param>
    internal void Apply(uint word, ulong address)
    {
        (Memory, Pointer, IsWrite) = (0, 0, false);
        switch (word >> 25 & 15)
        {
            case 8 or 9:
                ApplyImmediate(word, address);
                break;
            case 4 or 6 or 12 or 14:
                ApplyMemory(word, address);
                break;
            case 5 or 13:
                ApplyRegister(word);
                break;

            // Of vectors, what moves or converts to a general register; of SVE all but loads and stores, to be sure.
            case 7 or 15 when (word & 0x7f20fc00) == 0x1e200000 || (word & 0x7f200000) == 0x1e000000 || (word & 0x9fe08400) == 0x0e000400:
            case 2 when word >> 31 == 0:
            case 10 or 11 when (word & 0xffd00000) == 0xd5100000:
                Forget(word & 31);
                break;
            default:
                break;
        }
    }

    private void ApplyImmediate(uint word, ulong address)
    {
        int to = (int)(word & 31), from = (int)(word >> 5 & 31);
        if ((word & 0x1f000000) == 0x10000000)
        {
            long offset = ((int)(word << 8) >> 13 << 2) | (int)(word >> 29 & 3);
            bool isPage = word >> 31 != 0;
            SetAddress(to, unchecked(isPage ? (address & ~0xfffUL) + (ulong)(offset << 12) : address + (ulong)offset), isPointer: !isPage);
        }
        else if ((word & 0xff800000) == 0x91000000)
        {
            ulong more = (word >> 10 & 0xfff) << (int)((word >> 22 & 1) * 12);
            ApplySum(to, from, more);
        }
        else if ((word & 0x1f800000) == 0x12800000)
        {
            ApplyMove(word, to);
        }
        else
        {
            Forget(to);
        }
    }

    private void ApplySum(int to, int from, ulong more)
    {
        if (from != Zero && (_addresses >> from & 1) != 0)
        {
            SetAddress(to, unchecked(_values[from] + more), isPointer: true);
            return;
        }

        Forget(to);
    }

    /// <summary>MOVN, MOVZ, MOVK. A program with a fixed address names code and data by number.</summary>
    private void ApplyMove(uint word, int to)
    {
        int shift = (int)(word >> 21 & 3) * 16;
        ulong part = (ulong)(word >> 5 & 0xffff) << shift;
        switch (word >> 29 & 3)
        {
            case 0:
                SetNumber(to, word >> 31 != 0 ? ~part : (uint)~part);
                break;
            case 2:
                SetNumber(to, part);
                break;
            case 3 when (_numbers >> to & 1) != 0:
                SetNumber(to, (_values[to] & ~(0xffffUL << shift)) | part);
                break;
            default:
                Forget(to);
                break;
        }

        if (to != Zero && code.Image.IsFixed && NumberIn(to) is { } value && code.Image.OffsetOf(value) >= 0)
        {
            SetAddress(to, value, isPointer: true);
        }
    }

    private void ApplyRegister(uint word)
    {
        int to = (int)(word & 31), from = (int)(word >> 16 & 31);

        // MOV (register); CCMP and CCMN write no register.
        if ((word & 0x7fe0ffe0) == 0x2a0003e0 && from != Zero && ((_addresses | _numbers) >> from & 1) != 0)
        {
            (uint addresses, ulong value) = (_addresses >> from & 1, _values[from]);
            Forget(to);
            if (to != Zero && (addresses == 0 || word >> 31 != 0))
            {
                _values[to] = value;
                _addresses |= addresses << to;
                _numbers |= (1 - addresses) << to;
            }
        }
        else if ((word & 0x1fe00000) != 0x1a400000)
        {
            Forget(to);
        }
    }

    private void ApplyMemory(uint word, ulong address)
    {
        switch (word >> 28 & 3)
        {
            case 0:
                ApplyOrdered(word);
                break;
            case 1 when (word >> 24 & 1) == 0:
                Memory = unchecked(address + (ulong)((long)((int)(word << 8) >> 13) * 4));
                ApplyLoad(word, isWide: word >> 30 == 1);
                break;
            case 2:
                ApplyPair(word);
                break;
            case 3:
                ApplySingle(word);
                break;

            // LDAPUR, LDG, CPYF and their kin: registers are written, memory is not followed.
            default:
                Forget(word & 31);
                Forget(word >> 5 & 31);
                Forget(word >> 16 & 31);
                break;
        }
    }

    /// <summary>Exclusive, acquiring and releasing, compare-and-swap; structures of vectors.</summary>
    private void ApplyOrdered(uint word)
    {
        bool isVector = (word >> 26 & 1) != 0, isLoad = (word >> 22 & 1) != 0;
        SetMemory(word, 0, !isLoad || (!isVector && (word & 0x00a00000) == 0x00a00000));
        if (isVector)
        {
            ForgetBase(word, (word >> 23 & 1) != 0);
            return;
        }

        Forget(word >> 16 & 31);
        Forget(isLoad ? word & 31 : Zero);
        Forget(isLoad && (word >> 21 & 1) != 0 ? word >> 10 & 31 : Zero);
    }

    private void ApplyPair(uint word)
    {
        bool isVector = (word >> 26 & 1) != 0, isLoad = (word >> 22 & 1) != 0;
        int scale = isVector ? 2 + (int)(word >> 30) : 2 + (int)(word >> 31);
        uint mode = word >> 23 & 3;
        SetMemory(word, mode == 1 ? 0 : (long)((int)(word << 10) >> 25) << scale, !isLoad);
        if (isLoad && !isVector)
        {
            Forget(word & 31);
            Forget(word >> 10 & 31);
        }

        ForgetBase(word, mode is 1 or 3);
    }

    private void ApplySingle(uint word)
    {
        bool isVector = (word >> 26 & 1) != 0;
        uint operation = word >> 22 & 3, size = word >> 30;
        bool isStore = operation == 0 || (isVector && operation == 2), isPrefetch = !isVector && size == 3 && operation == 2;
        if ((word >> 24 & 1) != 0)
        {
            int scale = isVector ? (int)(((operation & 2) << 1) | size) : (int)size;
            SetMemory(word, (long)(word >> 10 & 0xfff) << scale, isStore);
        }
        else if ((word >> 21 & 1) == 0)
        {
            uint mode = word >> 10 & 3;
            SetMemory(word, mode == 1 ? 0 : (int)(word << 11) >> 23, isStore);
            ForgetBase(word, mode is 1 or 3);
        }
        else if ((word >> 10 & 3) == 0)
        {
            // Atomic operations: what was there is loaded.
            SetMemory(word, 0, isWrite: true);
            isStore = false;
        }

        if (!isVector && !isStore && !isPrefetch)
        {
            ApplyLoad(word, isWide: size == 3);
        }
    }

    /// <summary>An address that the linker put into a table is as good as one in the code.</summary>
    private void ApplyLoad(uint word, bool isWide)
    {
        if (isWide && (word >> 26 & 1) == 0 && Memory != 0 && code.TableValue(Memory) is { } value)
        {
            SetAddress((int)(word & 31), value, isPointer: true);
            return;
        }

        Forget((word >> 26 & 1) == 0 ? word & 31 : Zero);
    }

    private void SetMemory(uint word, long offset, bool isWrite)
    {
        int from = (int)(word >> 5 & 31);
        Memory = from != Zero && (_addresses >> from & 1) != 0 ? unchecked(_values[from] + (ulong)offset) : 0;
        IsWrite = isWrite;
    }

    private void ForgetBase(uint word, bool isWritten) => Forget(isWritten ? word >> 5 & 31 : Zero);

    private void SetAddress(int register, ulong value, bool isPointer)
    {
        Pointer = isPointer ? value : 0;
        if (register != Zero)
        {
            _values[register] = value;
            _addresses |= 1u << register;
            _numbers &= ~(1u << register);
        }
    }

    private void SetNumber(int register, ulong value)
    {
        if (register != Zero)
        {
            _values[register] = value;
            _numbers |= 1u << register;
            _addresses &= ~(1u << register);
        }
    }

    private void Forget(int register)
    {
        _addresses &= ~(1u << register);
        _numbers &= ~(1u << register);
    }

    private void Forget(uint register) => Forget((int)register);
}
