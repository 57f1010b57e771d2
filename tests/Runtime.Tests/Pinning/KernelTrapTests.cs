using Provenance.Runtime.Pinning;
using Xunit;

namespace Provenance.Runtime.Tests.Pinning;

/// <summary>Lines of kernels' logs, as they were found in 3.10, 5.10 and 6.18.</summary>
public sealed class KernelTrapTests
{
    [Fact]
    public void A_line_of_a_new_kernel_tells_the_place_in_the_file() => Assert.Equal(
        new KernelTrap("th", 10387, 0x564d85bff151, "th", 0x1151, 0x564d85bff000, 0x1000),
        KernelTrap.Parse("traps: th[10387] trap invalid opcode ip:564d85bff151 sp:7fd46fcc1ed0 error:0 in th[1151,564d85bff000+1000]"));

    [Fact]
    public void A_line_of_an_old_kernel_tells_the_mapping() => Assert.Equal(
        new KernelTrap("python3 -m a[b]", 7, 0x7f0000001234, "libfast.so.1", null, 0x7f0000001000, 0x2000),
        KernelTrap.Parse("traps: python3 -m a[b][7] trap invalid opcode ip:7f0000001234 sp:7ffe0 error:0 in libfast.so.1[7f0000001000+2000]"));

    [Fact]
    public void Generated_code_is_in_no_file() => Assert.Null(
        KernelTrap.Parse("traps: java[12] trap invalid opcode ip:7f12 sp:7ffe0 error:0")!.File);

    [Theory]
    [InlineData("traps: t[1] trap divide error ip:1 sp:2 error:0 in t[1+2]")]
    [InlineData("t[1]: segfault at 0 ip 0000000000000001 sp 0000000000000002 error 4 in t[1+2]")]
    [InlineData("traps: t[99999999999] trap invalid opcode ip:1 sp:2 error:0")]
    [InlineData("traps: t[1] trap invalid opcode ip:11112222333344445 sp:2 error:0")]
    [InlineData("")]
    public void Other_lines_are_none(string line) => Assert.Null(KernelTrap.Parse(line));
}
