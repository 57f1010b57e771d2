using Provenance.Runtime.Host;
using Xunit;

namespace Provenance.Runtime.Tests.Host;

public sealed class OpenSslLibraryTests
{
    [Fact]
    public void What_this_machine_has_is_found() => OpenSslLibrary.Require();

    [Fact]
    public void What_the_loader_finds_is_there_wherever_it_lies() => Assert.True(OpenSslLibrary.IsThere(["libc.so.6"], []));

    [Fact]
    public void A_file_of_the_name_is_enough() => Assert.True(OpenSslLibrary.IsThere(["passwd"], ["/nowhere", "/etc"]));

    [Fact]
    public void What_nobody_has_is_missing() => Assert.False(OpenSslLibrary.IsThere(["libssl.so.0.9"], ["/usr/lib"]));
}
