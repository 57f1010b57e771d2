using Xunit;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Kernel.Tests.Observing;

/// <summary>Observation is complete: what strace sees of a job, and what we see of the very same run of it, are the same files.</summary>
public sealed class CompletenessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-complete-").FullName;
    private readonly string _logs = Directory.CreateTempSubdirectory("prov-strace-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_logs, recursive: true);
    }

    public static TheoryData<string, string, string> Programs => new()
    {
        { "shell loop", "sh", "for i in $(seq 100); do /bin/true; echo $i > out.$((i % 7)); done; cat out.1 nowhere 2>/dev/null" },
        {
            "tar", "tar",
            "mkdir -p in/a/b; for i in $(seq 30); do echo $i > in/a/f$i; echo $i > in/a/b/g$i; done; tar cf t.tar in; " +
            "mkdir out; tar xf t.tar -C out; tar czf t.tgz -C in a; tar dzf t.tgz -C in"
        },
        {
            "cp, find, mv and rm", "find",
            "mkdir -p in/x; echo 1 > in/x/1; ln -s x in/l; ln in/x/1 in/hard; cp -r in copy; cp -a in same; " +
            "find . -name 1 -exec cat {} +; mv in/x/1 in/x/2; rm -r copy; mkfifo pipe; (cat pipe > from & echo to > pipe; wait)"
        },
        {
            "make and gcc", "gcc",
            "for i in $(seq 12); do echo \"#include <stdio.h>\nint f$i(void) { return puts(\\\"$i\\\"); }\" > f$i.c; done; " +
            "echo 'int main(void) { return 0; }' > m.c; printf 'o=$(patsubst %%.c,%%.o,$(wildcard *.c))\\np: $o\\n\\t$(CC) -o $@ $^\\n' > Makefile; " +
            "make -j3 p && ./p"
        },
        {
            "python with numpy", "python3",
            "echo 'import numpy; x = numpy.arange(9.0); numpy.save(\"x.npy\", x); print(numpy.load(\"x.npy\").sum())' > s.py; python3 s.py; echo x=1 > mod.py; python3 -c 'import mod'"
        },
        {
            "threads", "python3",
            "mkdir d; for i in $(seq 40); do echo $i > d/$i; done; python3 -c 'import os, concurrent.futures as c; " +
            "f = os.open(\"d\", os.O_RDONLY); e = c.ThreadPoolExecutor(8); " +
            "print(sum(e.map(lambda i: len(os.read(os.open(str(i), os.O_RDONLY, dir_fd=f), 9)), range(1, 41))))'"
        },
        {
            "samtools", "samtools",
            "printf '@SQ\\tSN:c\\tLN:99\\nr\\t0\\tc\\t9\\t60\\t4M\\t*\\t0\\t0\\tACGT\\tIIII\\n' > a.sam; " +
            "samtools view -b a.sam | samtools sort -o b.bam - && samtools index b.bam && samtools view b.bam c:1-20 > c.sam"
        },
        { "R", "Rscript", "Rscript --vanilla -e 'x <- data.frame(a = 1:3); write.csv(x, \"x.csv\"); print(sum(read.csv(\"x.csv\")$a))'" },
        {
            "git", "git",
            "git init -q .; echo 1 > f; git add f; git -c user.name=a -c user.email=b commit -qm c; git mv f g; git status --short; git gc -q"
        },
        { "daemon", "setsid", "echo 1 > in; (setsid sh -c 'sleep 0.2; cat in > late' >/dev/null 2>&1 &); sleep 0.6; cat late" },
        { "static program", "busybox", "busybox sh -c 'mkdir -p q/r; echo 1 > q/r/s; busybox cp q/r/s q/t; busybox find q; busybox tar cf q.tar q; cd q/r; busybox cat ../t'" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Strace_sees_the_same(string what, string needs, string script)
    {
        Assert.SkipUnless(Exists("strace"), "strace is not installed");
        Assert.SkipUnless(Exists(needs), $"{what}: {needs} is not installed");
        string log = Path.Combine(_logs, "s");
        string[] argv = [.. StraceLog.Command(log), "/bin/sh", "-c", script];
        var spec = ObservedJob.OnHost(_folder, argv);

        var job = ObservedJob.Run(spec with { Binds = [.. spec.Binds, new(_logs, _logs)] });

        var seen = StraceLog.Load(log, _folder);
        Assert.True(seen.Calls > 10, job.Output);
        AssertSame(seen, job);
    }

    private void AssertSame(StraceLog strace, ObservedJob job)
    {
        // strace itself is the first process of the job.
        var touched = job.Touched.Where(t => t.Process != 1 && !t.Path.StartsWith(_logs, StringComparison.Ordinal)).ToList();
        SortedSet<string> Paths(FileAccess any) => new(touched.Where(t => (t.Access & any) != 0).Select(t => t.Path), StringComparer.Ordinal);
        SortedSet<string> Names(FileAccess any) =>
            new(touched.Where(t => (t.Access & any) != 0).Select(t => t.Named ?? t.Path), StringComparer.Ordinal);

        Assert.Empty(strace.Read.Except(Paths(FileAccess.Read | FileAccess.List)));
        Assert.Empty(strace.Listed.Except(Paths(FileAccess.List)));
        Assert.Empty(strace.Written.Except(Paths(FileAccess.Write)));
        Assert.Empty(strace.Executed.Except(Names(FileAccess.Execute)));
        Assert.Empty(strace.Missing.Except(touched.Where(t => t.Before is null).Select(t => t.Named ?? t.Path)));
        Assert.Empty(strace.Removed.Except(Names(FileAccess.Remove)));
        Assert.Empty(strace.Made.Except(Names(FileAccess.Create)));
        Assert.Empty(strace.Attributed.Except(Names(FileAccess.Attributes)));
        Assert.Empty(strace.Others);

        // And the other way round: nothing is claimed that was not done. What failed for another reason is left out.
        var opened = touched.Where(t => (t.Access & (FileAccess.Read | FileAccess.Write | FileAccess.List)) != 0
            && (t.Before is not null || t.Access.HasFlag(FileAccess.Create)) && !strace.Failed.Contains(t.Named ?? t.Path));
        Assert.Empty(opened.Select(t => t.Path).Except(strace.Read.Union(strace.Written).Union(strace.Listed)));
    }

    private static bool Exists(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
