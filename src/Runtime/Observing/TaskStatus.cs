using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>What /proc says of a thread: proc_pid_stat(5), proc_pid_status(5).</summary>
internal readonly unsafe record struct TaskStatus(int Parent, int Session, long StartTime)
{
    // Counted from the state, which follows the name.
    private const int ParentField = 1, SessionField = 3, StartTimeField = 19;

    /// <summary>Null when there is no such thread any more.</summary>
    public static TaskStatus? Read(int task)
    {
        Span<byte> content = stackalloc byte[1024];
        int length = ReadFile($"/proc/{task}/stat", content);
        // The name stands in parentheses and may hold any character.
        int name = content[..Math.Max(length, 0)].LastIndexOf((byte)')');
        if (name < 0)
            return null;
        var rest = content[(name + 2)..length];
        return new TaskStatus((int)Field(rest, ParentField), (int)Field(rest, SessionField), Field(rest, StartTimeField));
    }

    /// <summary>The process that a thread belongs to; null when it is gone.</summary>
    public static int? ProcessOf(int task)
    {
        nint descriptor = Libc.syscall(Syscall.PidfdOpen.Number, task, 0, 0, 0, 0, 0);
        if (descriptor < 0)
            return Line(task, "Tgid:"u8) is [int process, ..] ? process : null;
        // Only the first thread of a process can be opened so.
        _ = Libc.close((int)descriptor);
        return task;
    }

    /// <summary>The numbers that a thread's process and the thread itself have in the container.</summary>
    public static (int Process, int Thread) InnerNumbers(int task)
    {
        var processes = Line(task, "NStgid:"u8);
        var threads = Line(task, "NSpid:"u8);
        // The first is ours, the next the container's; any further are of namespaces that the job has made.
        int at = Math.Min(1, processes.Count - 1);
        return at < 0 || threads.Count != processes.Count ? (task, task) : (processes[at], threads[at]);
    }

    private static List<int> Line(int task, ReadOnlySpan<byte> label)
    {
        Span<byte> content = stackalloc byte[4096];
        int length = ReadFile($"/proc/{task}/status", content);
        var numbers = new List<int>();
        content = content[..Math.Max(length, 0)];
        int at = content.IndexOf([(byte)'\n', .. label]);
        if (at < 0)
            return numbers;
        var line = content[(at + 1 + label.Length)..];
        line = line[..Math.Max(line.IndexOf((byte)'\n'), 0)];
        foreach (var range in line.Split((byte)'\t'))
        {
            if (System.Buffers.Text.Utf8Parser.TryParse(line[range], out int number, out _))
                numbers.Add(number);
        }
        return numbers;
    }

    private static long Field(ReadOnlySpan<byte> fields, int index)
    {
        for (int i = 0; i < index; i++)
            fields = fields[(fields.IndexOf((byte)' ') + 1)..];
        return System.Buffers.Text.Utf8Parser.TryParse(fields, out long value, out _) ? value : 0;
    }

    private static int ReadFile(string path, Span<byte> into)
    {
        Span<byte> name = stackalloc byte[64];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        int file;
        fixed (byte* start = name)
            file = Libc.openat(Libc.AT_FDCWD, start, Files.O_RDONLY | Files.O_CLOEXEC, 0);
        if (file < 0)
            return -1;
        int length;
        fixed (byte* start = into)
            length = (int)Libc.read(file, start, (nuint)into.Length);
        _ = Libc.close(file);
        return length;
    }
}
