using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Runtime.Tests.Native;

/// <summary>Every constant, call number and struct of ours is what the C compiler says it is.</summary>
public sealed class HeaderTests
{
    // Those are ours, or made of several.
    private static readonly string[] NotInHeaders =
    [
        "SignalSetBytes", "LastStandard", "MountAttrBytes", "CAP_LAST_CAP",
    ];

    [Theory]
    [InlineData(
        typeof(Libc),
        "fcntl.h sys/mman.h poll.h sys/wait.h sys/socket.h sys/un.h sys/ioctl.h linux/tiocl.h net/if.h unistd.h")]
    [InlineData(typeof(Descriptors), "fcntl.h poll.h unistd.h sys/ioctl.h linux/kcmp.h")]
    [InlineData(typeof(Mounts), "linux/mount.h linux/fs.h")]
    [InlineData(typeof(Signals), "signal.h")]
    [InlineData(
        typeof(Processes),
        "sched.h linux/prctl.h linux/seccomp.h linux/capability.h signal.h")]
    [InlineData(typeof(SeccompFilter), "linux/audit.h linux/seccomp.h")]
    [InlineData(typeof(Ptrace), "sys/ptrace.h sys/wait.h")]
    [InlineData(typeof(Stat), "sys/stat.h fcntl.h")]
    public void Constants_are_those_of_the_headers(Type type, string headers)
    {
        var constants = type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Where(field => field.IsLiteral && field.Name.Any(char.IsLower) == false && !NotInHeaders.Contains(field.Name))
            .ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture));
        Assert.NotEmpty(constants);
        string extra = type == typeof(Mounts) ? "#define MNT_DETACH 2\n" : type == typeof(Processes) ? "#define SA_RESTORER 0x04000000\n" : "";
        var actual = Ask(headers, constants.Keys, extra);
        Assert.Equal(constants.OrderBy(pair => pair.Key), actual.OrderBy(pair => pair.Key));
    }

    [Theory]
    [InlineData("asm/unistd_64.h", 0)]
    [InlineData("asm/unistd_32.h", 1)]
    [InlineData("asm-generic/unistd.h", 2)]
    public void Call_numbers_are_those_of_each_architecture(string header, int which)
    {
        Assert.SkipUnless(File.Exists("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), "the headers of x86-64 are not here");
        var calls = typeof(Syscall).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<Syscall>()
            // Newer than the oldest headers we build with; their numbers are those of Linux 6.15's.
            .Where(call => call.Name is not ("return" or "open_tree_attr" or "fchmodat2" or "setxattrat" or "removexattrat"
                or "cachestat" or "statmount" or "listmount" or "mseal"))
            .Select(call => (call.Name, Number: which == 0 ? call.X64 : which == 1 ? call.I386 : call.Arm64))
            .Where(call => call.Number >= 0).ToDictionary(call => "__NR_" + call.Name, call => (long)call.Number);
        // What asm/unistd.h of arm64 defines before it includes the generic one.
        const string Arm64 = "#define __ARCH_WANT_RENAMEAT\n#define __ARCH_WANT_NEW_STAT\n#define __ARCH_WANT_SYS_CLONE3\n#define __ARCH_WANT_MEMFD_SECRET\n";
        var actual = Ask(header, calls.Keys, before: which == 2 ? Arm64 : "");
        Assert.Equal(calls.OrderBy(pair => pair.Key), actual.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Structs_have_the_sizes_and_offsets_of_the_headers()
    {
        string[] expressions =
        [
            "sizeof(struct pollfd)", "sizeof(struct rusage)", "offsetof(struct rusage, ru_maxrss)",
            "sizeof(struct msghdr)", "offsetof(struct msghdr, msg_control)", "sizeof(struct iovec)",
            "offsetof(struct stat, st_mode)", "sizeof(struct stat)", "sizeof(struct mount_attr)",
            "CMSG_LEN(sizeof(struct ucred))", "sizeof(struct sock_filter)", "offsetof(struct seccomp_data, args)",
            "sizeof(siginfo_t)", "offsetof(siginfo_t, si_code)",
            "sizeof(struct seccomp_notif)", "offsetof(struct seccomp_notif, data.args)", "sizeof(struct seccomp_notif_resp)",
            "offsetof(struct seccomp_notif_resp, error)", "offsetof(struct msghdr, msg_controllen)", "CMSG_LEN(sizeof(int))",
            "SECCOMP_IOCTL_NOTIF_RECV", "SECCOMP_IOCTL_NOTIF_SEND", "SECCOMP_IOCTL_NOTIF_ID_VALID",
            "SECCOMP_USER_NOTIF_FLAG_CONTINUE", "offsetof(siginfo_t, si_addr)",
        ];
        var actual = Ask(
            "poll.h sys/resource.h sys/socket.h sys/uio.h sys/stat.h linux/mount.h linux/filter.h linux/seccomp.h sys/ioctl.h signal.h stddef.h",
            expressions, before: "#define _GNU_SOURCE\n");
        long[] expected =
        [
            Unsafe.SizeOf<PollFd>(), Unsafe.SizeOf<ResourceUsage>(), 4 * sizeof(long),
            Unsafe.SizeOf<MessageHeader>(), 32, Unsafe.SizeOf<IoVector>(),
            Stat.X64ModeOffset, Stat.StructBytes, Mounts.MountAttrBytes,
            28, 8, 16,
            128, 8,
            Unsafe.SizeOf<SeccompNotice>(), 32, Unsafe.SizeOf<SeccompAnswer>(),
            16, 40, 20,
            (long)SeccompListener.SECCOMP_IOCTL_NOTIF_RECV, (long)SeccompListener.SECCOMP_IOCTL_NOTIF_SEND,
            (long)SeccompListener.SECCOMP_IOCTL_NOTIF_ID_VALID, SeccompAnswer.SECCOMP_USER_NOTIF_FLAG_CONTINUE, 16,
        ];
        Assert.Equal(expected, expressions.Select(expression => actual[expression]));
    }

    [Fact]
    public void Registers_stand_where_the_header_says()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the registers are those of x86-64");
        string[] names = [.. typeof(UserRegisters).GetFields().Select(field => field.Name)];
        var actual = Ask("sys/user.h stddef.h", names.Select(name => $"offsetof(struct user_regs_struct, {name})"));

        Assert.Equal(names.Select((_, index) => (long)index * sizeof(ulong)), names.Select(name => actual[$"offsetof(struct user_regs_struct, {name})"]));
    }

    /// <summary>Compiles and runs a program that prints each expression's value.</summary>
    private static Dictionary<string, long> Ask(
        string headers, IEnumerable<string> expressions, string extra = "", string before = "")
    {
        string folder = Directory.CreateTempSubdirectory("prov-header-").FullName;
        string source = Path.Combine(folder, "ask.c");
        string prints = string.Join('\n', expressions.Select(e => $"printf(\"%lld %s\\n\", (long long)({e}), \"{e}\");"));
        string includes = string.Join('\n', headers.Split(' ').Select(header => $"#include <{header}>"));
        using (var writer = new StreamWriter(source))
        {
            // The generic header is read alone: libc's would bring in this machine's own numbers.
            writer.Write($"{(before.Length == 0 ? "#define _GNU_SOURCE\n" : before)}{includes}\n{extra}int printf(const char *, ...);\nint main(void) {{\n{prints}\nreturn 0; }}\n");
        }
        Assert.SkipWhen(Run("gcc", "-w", "-o", Path.Combine(folder, "ask"), source) is null, "no C compiler on this host");
        string output = Run(Path.Combine(folder, "ask"))!;
        Directory.Delete(folder, recursive: true);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2))
            .ToDictionary(parts => parts[1], parts => long.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Null when there is no such program here.</summary>
    internal static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
