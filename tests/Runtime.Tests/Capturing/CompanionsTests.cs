using Provenance.Runtime.Capturing;
using Xunit;

namespace Provenance.Runtime.Tests.Capturing;

/// <summary>Files that are looked at and not opened.</summary>
public sealed class CompanionsTests
{
    [Theory]
    [InlineData("/v/x/__pycache__/mod.cpython-311.pyc", "/v/x/mod.py")]
    [InlineData("/v/x/__pycache__/mod.cpython-313.opt-1.pyc", "/v/x/mod.py")]
    [InlineData("/v/x/__pycache__/mod.pypy39.pyc", "")]
    [InlineData("/usr/lib/python3.11/json/decoder.py", "/usr/lib/python3.11/os.py /usr/lib/python3.11/lib-dynload")]
    [InlineData("/usr/lib/python3/dist-packages/x.py", "")]
    [InlineData("/usr/lib/R/library/stats/Meta/package.rds", "/usr/lib/R/library/stats/DESCRIPTION /usr/lib/R/library/stats/NAMESPACE")]
    [InlineData("/usr/bin/awk", "")]
    public void Of_a_path(string path, string expected) => Assert.Equal(expected, string.Join(' ', Companions.Of(path)));
}
