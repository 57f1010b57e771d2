using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Provenance.Runtime.Native;

/// <summary>
/// A list of system calls that machine code works through, in this process and in the children that its clone(2) makes,
/// where no managed code may run: a collection under way in the parent would never end in the child.
/// </summary>
/// <remarks>
/// All lies in one mapping: the interpreter (StubCode.Steps), the steps, and what their arguments point to. A step is
/// 14 words: nr, six arguments, where to store the result, the result that matches, the steps to go to on a match, on
/// success and on error, {index, errno} of 32 bits each, and the descriptor to which a failure is reported.
/// </remarks>
internal sealed unsafe class SyscallProgram : IDisposable
{
    /// <summary>How a child exits that has reported a failed step.</summary>
    public const int FailureExitCode = 125;

    public const int StepBytes = 14 * sizeof(long);

    private const int PageBytes = 4096;
    private const int ResultField = 7, MatchField = 8, OnMatchField = 9, OnSuccessField = 10, OnErrorField = 11;
    private const int IndexField = 12, ReportField = 13;

    private readonly IReadOnlyList<SyscallStep> _steps;
    private readonly Dictionary<SyscallStep, int> _indexes = [];
    private readonly Dictionary<object, long> _contents = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, long> _texts = [];
    private readonly List<byte> _data = [];
    private readonly nint _base;
    private readonly nuint _length;
    private readonly long _stepsAt;
    private readonly long _dataAt;

    /// <param name="steps">The first is where <see cref="Run"/> begins. None may fall off the end.</param>
    /// <param name="reportTo">Descriptor, in the child, to which the index and errno of a failed step are written.</param>
    public SyscallProgram(IReadOnlyList<SyscallStep> steps, int reportTo)
    {
        _steps = steps;
        for (int i = 0; i < steps.Count; i++)
            _indexes.Add(steps[i], i);
        foreach (var content in steps.SelectMany(step => step.Arguments).Select(a => a.Content).OfType<object>())
            Place(content);
        foreach (byte[] buffer in steps.Select(step => step.StoreAt).OfType<byte[]>())
            Place(buffer);
        int codeBytes = PageBytes;
        _dataAt = codeBytes + (steps.Count * StepBytes);
        _length = (nuint)((_dataAt + _data.Count + PageBytes - 1) / PageBytes * PageBytes);
        _base = Libc.mmap(0, _length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if (_base == -1)
            throw SyscallException.FromLastError("mmap");
        _stepsAt = _base + codeBytes;
        _dataAt += _base;
        Fill(reportTo);
    }

    /// <summary>Lowest address of the program, which a child keeps when it gives up all other memory.</summary>
    public long Address => _base;

    /// <summary>In bytes, whole pages.</summary>
    public long Length => (long)_length;

    /// <summary>Works through the steps, from the first, until one of them is <see cref="Syscall.Return"/>.</summary>
    public void Run() => ((delegate* unmanaged<long, long>)_base)(_stepsAt);

    /// <summary>Where the storage of the calling thread begins, which is what a child of it has as well.</summary>
    public long ThreadPointer() => ((delegate* unmanaged<long>)(_base + StubCode.ThreadPointerOffset))();

    /// <summary>What now stands in a buffer that is an argument of some step.</summary>
    public ReadOnlySpan<byte> Read(byte[] buffer) => new((void*)(_dataAt + _contents[buffer]), buffer.Length);

    /// <summary>Writes into a step's argument, between construction and <see cref="Run"/>.</summary>
    public void Patch(SyscallStep step, int argument, long value) => *Field(_indexes[step], 1 + argument) = value;

    /// <summary>Which step it is that was reported as failed.</summary>
    public SyscallStep StepAt(int index) => _steps[index];

    public void Dispose() => _ = Libc.munmap(_base, _length);

    private long* Field(int index, int field) => (long*)(_stepsAt + (index * StepBytes)) + field;

    private long AddressOf(SyscallStep step) => (long)Field(_indexes[step], 0);

    private void Fill(int reportTo)
    {
        var code = StubCode.Steps;
        code.CopyTo(new Span<byte>((void*)_base, code.Length));
        CollectionsMarshal.AsSpan(_data).CopyTo(new Span<byte>((void*)_dataAt, _data.Count));
        foreach (var content in _contents)
            Relocate(content.Key, content.Value);
        for (int i = 0; i < _steps.Count; i++)
            FillStep(i, reportTo);
        if (Libc.mprotect(_base, PageBytes, Libc.PROT_READ | Libc.PROT_EXEC) != 0)
            throw SyscallException.FromLastError("mprotect");
    }

    private void FillStep(int index, int reportTo)
    {
        var step = _steps[index];
        long next = (long)Field(index + 1, 0);
        *Field(index, 0) = step.Call.Number;
        for (int i = 0; i < step.Arguments.Count; i++)
            *Field(index, 1 + i) = Value(step.Arguments[i]);
        *Field(index, ResultField) = ResultAddress(step);
        // No call gives the smallest number as its result, so that it matches nothing.
        *Field(index, MatchField) = step.Match ?? long.MinValue;
        *Field(index, OnMatchField) = step.OnMatch is null ? next : AddressOf(step.OnMatch);
        *Field(index, OnSuccessField) = step.OnSuccess is null ? next : AddressOf(step.OnSuccess);
        *Field(index, OnErrorField) = step.OnError is not null ? AddressOf(step.OnError) : step.IgnoreError ? next : 0;
        *(int*)Field(index, IndexField) = index;
        *Field(index, ReportField) = reportTo;
    }

    private long ResultAddress(SyscallStep step)
    {
        if (step.StoreAt is { } buffer)
            return _dataAt + _contents[buffer];
        if (step.StoreIn is { } message)
            return _dataAt + _contents[message] + DescriptorMessage.DescriptorOffset;
        if (step.ResultToMatch is { } match)
            return (long)Field(_indexes[match], MatchField);
        return step.ResultTo is { } taker ? (long)Field(_indexes[taker.Step], 1 + taker.Argument) : 0;
    }

    private long Value(StepArgument argument) => argument.Content switch
    {
        null => argument.Value,
        string text => _dataAt + _texts[text],
        var content => _dataAt + _contents[content] + argument.Value,
    };

    private void Place(object content)
    {
        if (content is string text)
        {
            PlaceText(text);
            return;
        }
        if (content is IReadOnlyList<string> vector)
            foreach (string item in vector)
                PlaceText(item);
        if (!_contents.TryAdd(content, Align()))
            return;
        switch (content)
        {
            case byte[] bytes:
                _data.AddRange(bytes);
                break;
            case IReadOnlyList<string> strings:
                _data.AddRange(new byte[(strings.Count + 1) * sizeof(long)]);
                break;
            case SeccompFilter filter:
                // struct sock_fprog { unsigned short len; struct sock_filter *filter; }, the filter behind it.
                _data.AddRange(new byte[2 * sizeof(long)]);
                _data.AddRange(filter.Bytes);
                break;
            case DescriptorMessage message:
                _data.AddRange(message.Bytes);
                break;
            default:
                throw new ArgumentException($"argument of type '{content.GetType()}'", nameof(content));
        }
    }

    private void PlaceText(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new RuntimeException($"'{text.Replace("\0", "\\0", StringComparison.Ordinal)}': has a zero byte");
        if (!_texts.TryAdd(text, _data.Count))
            return;
        _data.AddRange(Encoding.UTF8.GetBytes(text));
        _data.Add(0);
    }

    private long Align()
    {
        while (_data.Count % sizeof(long) != 0)
            _data.Add(0);
        return _data.Count;
    }

    private void Relocate(object content, long offset)
    {
        var at = new Span<byte>((void*)(_dataAt + offset), _data.Count - (int)offset);
        if (content is SeccompFilter filter)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)filter.Count);
            BinaryPrimitives.WriteInt64LittleEndian(at[sizeof(long)..], _dataAt + offset + (2 * sizeof(long)));
        }
        else if (content is DescriptorMessage)
        {
            DescriptorMessage.Relocate(at, _dataAt + offset);
        }
        else if (content is IReadOnlyList<string> strings)
        {
            for (int i = 0; i < strings.Count; i++)
                BinaryPrimitives.WriteInt64LittleEndian(at[(i * sizeof(long))..], _dataAt + _texts[strings[i]]);
        }
    }
}
