using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>Lists that are made ahead are the same lists.</summary>
public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(100_000)]
    public void In_the_same_order(int count) => Assert.Equal(Enumerable.Range(0, count), ReadAhead.Of(Enumerable.Range(0, count)));

    [Theory]
    [InlineData(10)]
    [InlineData(5000)]
    public void What_making_them_throws_is_thrown(int at)
    {
        var items = Enumerable.Range(0, 10_000).Select(item => item == at ? throw new InvalidOperationException("here") : item);

        Assert.Equal("here", Assert.Throws<InvalidOperationException>(() => ReadAhead.Of(items).Count()).Message);
    }

    [Fact]
    public void Who_stops_reading_stops_the_making()
    {
        bool ended = false;
        IEnumerable<int> Items()
        {
            try
            {
                for (int item = 0; ; item++)
                    yield return item;
            }
            finally
            {
                ended = true;
            }
        }

        Assert.Equal(3000, ReadAhead.Of(Items()).Take(3000).Count());
        Assert.True(ended);
    }
}
