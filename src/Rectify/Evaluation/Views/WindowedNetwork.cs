using Rectify.Execution;
using Rectify.Layers;
using Rectify.Tensors;

namespace Rectify.Evaluation;

/// <summary>A network cut in two for dense testing: the layers that run on photos of any size, and those that run on a window of their map.</summary>
/// <remarks>The cut is at the spatial pyramid; without one at the first fully connected layer, whose window is then copied and not pooled.</remarks>
internal sealed class WindowedNetwork
{
    private readonly Network _network;
    private readonly bool _pools;

    /// <exception cref="UsageException">The network cannot be cut so.</exception>
    public WindowedNetwork(Network network)
    {
        _network = network;
        int pyramid = IndexOf<SpatialPyramidPool>(network);
        _pools = pyramid >= 0;
        int cut = _pools ? pyramid : IndexOf<Linear>(network);
        UsageException.Require(
            cut > 0, $"--view dense: {network.Name} has no spatial pyramid or fully connected layer after convolutional ones, at which it could be cut; choose --view 10-view.");
        Body = new Plan(network, ..cut);
        Head = new Plan(network, (cut + (_pools ? 1 : 0))..);
        CropMap = Body.Shapes(network.Input)[^1];
        Levels = _pools ? ((SpatialPyramidPool)network.Layers[cut]).Levels : [CropMap.H];
        First = _pools && network.Layers[cut + 1] is Linear linear && cut + 2 < network.Layers.Count ? linear : null;
        Rest = First is null ? null : new Plan(network, (cut + 2)..);
        HeadInput = _pools ? network.Layers[cut].Output(CropMap) : CropMap;
        UsageException.Require(
            _pools || CropMap.H == CropMap.W, $"--view dense: the fully connected layers of {network.Name} expect maps that are not square; choose --view 10-view.");
    }

    /// <summary>The layers before the windows.</summary>
    public Plan Body { get; }

    /// <summary>The layers behind the pooling.</summary>
    public Plan Head { get; }

    /// <summary>The fully connected layer right behind the pyramid; null where there is none, or nothing behind it.</summary>
    public Linear? First { get; }

    /// <summary>The layers behind <see cref="First"/>.</summary>
    public Plan? Rest { get; }

    /// <summary>The map that a crop of training gives: the windows are as large.</summary>
    public MapShape CropMap { get; }

    /// <summary>The pyramid's levels; without one the side of a window, whose bins are then pixels.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <summary>A pooled window, as the head reads it.</summary>
    public MapShape HeadInput { get; }

    /// <summary>Refuses a scale at which the network cannot run.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public void Check(int scale)
    {
        MapShape map;
        try
        {
            map = Body.Shapes(MapShape.Image(1, scale, scale, _network.Input.C))[^1];
        }
        catch (RectifyException e)
        {
            throw new UsageException(
                $"--scales {scale}: photos of {scale}×{scale} pixels are too small for {_network.Name} ({e.Message.TrimEnd('.')}); choose {_network.Input.H} or more.", e);
        }

        UsageException.Require(
            map.H >= 1 && map.W >= 1 && (_pools || (map.H >= CropMap.H && map.W >= CropMap.W)),
            $"--scales {scale}: photos of {scale}×{scale} pixels give {_network.Name} a map of {map.H}×{map.W}, which is too small for it; choose {_network.Input.H} or more.");
    }

    private static int IndexOf<T>(Network network) => network.Layers.ToList().FindIndex(layer => layer is T);
}
