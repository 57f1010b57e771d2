using Provenance.Runtime.Recording.Calls;
using Xunit;

namespace Provenance.Runtime.Tests.Recording.Calls;

public sealed class LibraryRolesTests
{
    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", "blas", null)]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so", "blas", null)]
    [InlineData("/opt/numpy.libs/libscipy_openblas64_-99b71e71.so", "blas", null)]
    [InlineData("/lib/x86_64-linux-gnu/libgomp.so.1.0.0", "threads", null)]
    [InlineData("/lib/x86_64-linux-gnu/libm.so.6", "math", null)]
    [InlineData("/lib/x86_64-linux-gnu/libmount.so.1", null, null)]
    [InlineData("/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libz.so.1", "variant", "x86-64-v3")]
    [InlineData("/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libm.so.6", "math", "x86-64-v3")]
    [InlineData("/usr/lib/libcuda.so.1", "gpu", null)]
    [InlineData("/work/libblas.txt", null, null)]
    public void A_file_name_tells_what_a_library_decides(string path, string? role, string? hwcaps) =>
        Assert.Equal((role, hwcaps), (LibraryRoles.Of(path), LibraryRoles.HwcapsOf(path)));
}
