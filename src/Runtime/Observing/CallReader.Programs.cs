using System.Buffers.Binary;
using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Programs that are started.</summary>
internal sealed partial class CallReader
{
    private const int MaxArgumentBytes = 1 << 16, MaxArguments = 1 << 14, PointersAtOnce = 64;
    private const string Cut = "…";

    /// <summary>linux/binfmts.h: a script's interpreter may be a script, five deep in all.</summary>
    private const int MaxInterpreters = 5;

    private readonly byte[] _argument = GC.AllocateArray<byte>(MaxArgumentBytes, pinned: true);

    private void Execute(in ObservedTask task, in PathQuestion question, int pathAt, int argvAt)
    {
        var path = ReadText(task, task.Pointer(pathAt), _path, out bool read);
        if (!read || paths.Resolve(question, path, keep: true) is not { } program)
            return;
        if (!Interpret(task, program, MaxInterpreters))
            return;
        var argv = ReadArguments(task, task.Pointer(argvAt));
        if (paths.WorkingFolder(task.Task) is not { } folder || !listener.IsWaiting(task.Id))
            return;
        emit(new ProgramStarted
        {
            Process = task.Process.Number,
            Path = program.Path,
            Argv = argv,
            WorkingDirectory = folder,
        });
    }

    /// <summary>Tells of a program that was just resolved, and of what it needs to be started.</summary>
    /// <returns>Whether it can be.</returns>
    private bool Interpret(in ObservedTask task, in ResolvedPath program, int depth)
    {
        int descriptor = paths.TakeKept();
        Touch(task, FileAccess.Execute, program);
        if (descriptor < 0)
            return false;
        var found = program.Before is { IsFile: true } status && (status.Mode & Stat.AnyExecute) != 0
            ? _interpreters.Find(descriptor, status)
            : default(InterpreterFinder.Found?);
        _ = Libc.close(descriptor);
        if (found is not { } file)
            return false;
        if (file.Interpreter is null)
            return true;
        if (depth == 0
            || paths.Resolve(new PathQuestion(task.Task, Libc.AT_FDCWD, true), file.Interpreter, keep: true) is not { } needed)
            return false;
        if (file.IsScript)
            return Interpret(task, needed, depth - 1);
        Touch(task, FileAccess.Execute, needed);
        return needed.Before is not null;
    }

    private List<string> ReadArguments(in ObservedTask task, ulong address)
    {
        var arguments = new List<string>();
        Span<byte> pointers = stackalloc byte[PointersAtOnce * sizeof(ulong)];
        int left = MaxArgumentBytes;
        while (address != 0 && arguments.Count < MaxArguments)
        {
            int count = PointersBefore(task, address);
            var some = pointers[..(count * task.PointerBytes)];
            if (!TaskMemory.TryRead(task.Task, address, some))
                break;
            for (int i = 0; i < count; i++)
            {
                ulong pointer = task.IsNarrow
                    ? BinaryPrimitives.ReadUInt32LittleEndian(some[(i * sizeof(uint))..])
                    : BinaryPrimitives.ReadUInt64LittleEndian(some[(i * sizeof(ulong))..]);
                if (pointer == 0)
                    return arguments;
                if (TaskMemory.ReadText(task.Task, pointer, _argument.AsSpan(0, left)) is not { } length)
                {
                    arguments.Add(Cut);
                    return arguments;
                }
                arguments.Add(Encoding.UTF8.GetString(_argument, 0, length));
                left -= length;
            }
            address += (ulong)some.Length;
        }
        if (arguments.Count >= MaxArguments)
            arguments.Add(Cut);
        return arguments;
    }

    /// <summary>How many pointers stand before the end of a page, behind which nothing may be.</summary>
    private static int PointersBefore(in ObservedTask task, ulong address)
    {
        const ulong PageBytes = 4096;
        ulong bytes = PageBytes - (address % PageBytes);
        return (int)Math.Clamp(bytes / (ulong)task.PointerBytes, 1, PointersAtOnce);
    }
}
