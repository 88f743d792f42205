using Rectify.Tensors;

namespace Rectify.Tests.Tensors;

public sealed class MapShapeTests
{
    [Fact]
    public void Map_AnyChannels_PitchIsTheNextMultipleOf16()
    {
        for (int c = 1; c <= 100; c++)
        {
            MapShape map = MapShape.Map(2, 3, 5, c);
            Assert.Equal(0, map.Pitch % 16);
            Assert.InRange(map.Pitch - c, 0, 15);
            Assert.Equal(map.Pitch / 16, MapShape.Blocks(c));
            Assert.Equal(2 * 3 * 5 * map.Pitch, map.Length);
            Assert.Equal(3 * 5 * map.Pitch, map.ImageLength);
            Assert.Equal(30, map.Pixels);
            Assert.Equal(7 * map.ImageLength, map.WithBatch(7).Length);
        }
    }

    [Fact]
    public void Image_AnyChannels_IsPacked() => Assert.Equal(2 * 3 * 5 * 3, MapShape.Image(2, 3, 5, 3).Length);

    [Fact]
    public void Length_MoreThanAnIntHolds_Throws()
    {
        MapShape largest = new(1, 1, 1, int.MaxValue, int.MaxValue);
        Assert.Equal(int.MaxValue, largest.Length);
        Assert.Throws<OverflowException>(() => MapShape.Map(1 << 10, 1 << 10, 1 << 7, 16).Length);
        Assert.Throws<OverflowException>(() => MapShape.Map(1, 1 << 14, 1 << 13, 16).ImageLength);
        Assert.Throws<OverflowException>(() => MapShape.Map(1 << 11, 1 << 10, 1 << 10, 16).Pixels);
    }

    [Fact]
    public void ToString_AnyMap_SaysItsDimensions() => Assert.Equal("[N=2,H=3,W=5,C=17]", MapShape.Map(2, 3, 5, 17).ToString());
}
